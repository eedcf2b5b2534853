import { TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { EmptyState, Icon } from '@/ui';
import { Overlay } from './Overlay';
import css from './shell.module.css';
import { useFindings } from './use_findings';

/** Behind Ctrl K: owners, tickets, a number to dial, commands and pages; arrows choose, Enter does. */
export function Palette({ onClose }: { readonly onClose: () => void }) {
  const { t } = useTranslation('shell');
  const [text, setText] = useState('');
  const typed = text.trim();
  const [asked] = useDebouncedValue(typed, 150);
  const [at, setAt] = useState(0);
  const findings = useFindings(typed, asked);
  const list = useId();
  const chosen = Math.min(at, Math.max(0, findings.length - 1));

  const run = (index: number) => {
    const finding = findings[index];
    if (!finding) return;
    onClose();
    finding.run();
  };
  const key = (event: React.KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) {
      event.preventDefault();
      setAt((chosen + step + findings.length) % Math.max(1, findings.length));
    } else if (event.key === 'Enter' && !event.ctrlKey) {
      event.preventDefault();
      run(chosen);
    }
  };

  return (
    <Overlay label={t('palette.title')} narrow onClose={onClose}>
      <TextInput
        value={text}
        onChange={(event) => { setText(event.currentTarget.value); setAt(0); }}
        onKeyDown={key}
        aria-label={t('palette.title')}
        placeholder={t('palette.placeholder')}
        role="combobox"
        aria-expanded={findings.length > 0}
        aria-controls={list}
        aria-activedescendant={findings[chosen] ? `${list}-${chosen}` : undefined}
        leftSection={<Icon name="search" />}
        mb={6}
      />
      {findings.length === 0 ? (
        <EmptyState icon="search" hint={t('palette.hint')}>{t('palette.empty')}</EmptyState>
      ) : (
        <div className={css.results} role="listbox" id={list} aria-label={t('palette.title')}>
          {findings.map((finding, index) => (
            <div
              key={finding.key}
              id={`${list}-${index}`}
              role="option"
              aria-selected={index === chosen}
              className={css.result}
              onPointerMove={() => setAt(index)}
              onClick={() => run(index)}
            >
              <Icon name={finding.icon} />
              <span className="cut">{finding.text}</span>
              <span className="mut xs">{finding.kind}</span>
            </div>
          ))}
        </div>
      )}
    </Overlay>
  );
}
