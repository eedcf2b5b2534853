import { useTranslation } from 'react-i18next';
import { change } from '@/call/drafts';
import { Panel } from '@/ui';
import css from '../desk.module.css';
import { PHRASES } from '../what/phrases';

/** Canned sentences for the note: click one, or type its number after a slash. */
export function Phrases({ call }: { readonly call: string }) {
  const { t } = useTranslation('desk');
  const insert = (phrase: string) =>
    change(call, (draft) => ({ ...draft, intake: { ...draft.intake, note: [draft.intake.note.trimEnd(), phrase].filter(Boolean).join(' ') } }));
  return (
    <Panel title={t('phrases.title')} aside={<kbd>/</kbd>} flush>
      {PHRASES.map((n) => (
        <button key={n} type="button" className={css.phrase} onClick={() => insert(t(`phrases.${n}`))}>
          <span className="grow">{t(`phrases.${n}`)}</span>
          <kbd>/{n}</kbd>
        </button>
      ))}
    </Panel>
  );
}
