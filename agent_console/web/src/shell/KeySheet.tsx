import { Button, Switch } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { setDisplay, useDisplay } from '@/app/display';
import { CALL_KEYS } from '@/call/phase';
import { letterOf, LETTERS, refused, type LetterAction } from './keymap';
import { Overlay } from './Overlay';
import css from './shell.module.css';

type Row = { readonly action: LetterAction } | { readonly text: string; readonly keys: string };

const CALL: readonly Row[] = [...CALL_KEYS.map((action) => ({ action })), { action: 'dial' }, { action: 'task' }, { text: 'three_way', keys: 'Alt 3' }];
const WORK: readonly Row[] = [
  { text: 'pick', keys: 'Alt 1–9' }, { text: 'quick', keys: 'Alt 0' }, { action: 'owner' }, { text: 'phrase', keys: '/' }, { text: 'extend', keys: 'Alt +' },
  { action: 'callback' }, { action: 'ticket' }, { text: 'finish', keys: 'Ctrl ⏎' },
];
const EVERYWHERE: readonly Row[] = [
  { action: 'state' }, { text: 'palette', keys: 'Ctrl K' }, { text: 'zone', keys: 'F6' }, { text: 'close', keys: 'Esc' }, { text: 'self', keys: '?' },
];
const GROUPS = [['call', CALL], ['work', WORK], ['everywhere', EVERYWHERE]] as const;

/** The sheet behind "?": every key, and the letters may be changed here. */
export function KeySheet({ onClose }: { readonly onClose: () => void }) {
  const { t } = useTranslation('shell');
  const [changing, setChanging] = useState(false);
  const safe = useDisplay((s) => s.chordsWhileTyping);
  return (
    <Overlay label={t('sheet.title')} onClose={onClose}>
      <header>
        <h2>{t('sheet.title')}</h2>
        <span className="xs mut cut">{t('sheet.typing')}</span>
        <span className="grow" />
        {changing && <Button size="xs" onClick={() => setDisplay({ chords: {} })}>{t('sheet.reset')}</Button>}
        <Button size="xs" onClick={() => setChanging(!changing)}>{t(changing ? 'sheet.done' : 'sheet.change')}</Button>
        <Button size="xs" variant="subtle" onClick={onClose}><span className="sr">{t('common:close')}</span><kbd>Esc</kbd></Button>
      </header>
      <div className={css.columns}>
        {GROUPS.map(([group, rows]) => (
          <section key={group}>
            <h3>{t(`sheet.${group}`)}</h3>
            <ul>{rows.map((row) => ('action' in row ? <LetterRow key={row.action} action={row.action} changing={changing} /> : <li key={row.text}><span>{t(`sheet.${row.text}`)}</span><kbd>{row.keys}</kbd></li>))}</ul>
          </section>
        ))}
        <Switch size="xs" mt="md" label={t('sheet.safe')} checked={safe} onChange={(event) => setDisplay({ chordsWhileTyping: event.currentTarget.checked })} style={{ gridColumn: '1 / -1' }} />
      </div>
    </Overlay>
  );
}

function LetterRow({ action, changing }: { readonly action: LetterAction; readonly changing: boolean }) {
  const { t } = useTranslation('shell');
  const chords = useDisplay((s) => s.chords);
  const [listening, setListening] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const isKey = (CALL_KEYS as readonly string[]).includes(action);
  const take = (event: React.KeyboardEvent) => {
    if (!listening || event.key === 'Alt' || event.key === 'Tab') return;
    event.preventDefault();
    event.stopPropagation();
    const letter = event.key.toUpperCase();
    const why = event.key === 'Escape' ? null : refused(action, letter, chords);
    setProblem(why);
    if (why !== null) return;
    setListening(false);
    if (event.key !== 'Escape' && LETTERS[action] !== letter) setDisplay({ chords: { ...chords, [action]: letter } });
  };
  return (
    <li>
      <span>{t(isKey ? `keys.${action}` : `sheet.${action}`)}{problem !== null && <span className="required xs"> {t(`sheet.${problem}`)}</span>}</span>
      {changing ? (
        <Button size="xs" onClick={() => setListening(!listening)} onKeyDown={take} onBlur={() => setListening(false)}>
          {listening ? t('sheet.press') : `Alt ${letterOf(action, chords)}`}
        </Button>
      ) : (
        <kbd>Alt {letterOf(action, chords)}</kbd>
      )}
    </li>
  );
}
