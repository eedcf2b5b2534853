import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Ticket } from '@/api/tickets';
import { phoneNumber, timeOfDay } from '@/clock/format';
import { seconds, useSecond } from '@/clock/ticker';
import { onRowKeys } from '@/pages/list/row_keys';
import { Due, EmptyState, Icon, urgency, useAgentName, useSymptomText } from '@/ui';
import css from './hotline.module.css';
import { outOfOrder, share, SOON_SECONDS } from './sheets';

interface Props {
  readonly sheets: readonly Ticket[];
  readonly loading: boolean;
  readonly me: string | null;
  readonly selected: string | null;
  readonly onSelect: (id: string) => void;
  readonly onResort: () => void;
}

export function SheetList({ sheets, loading, me, selected, onSelect, onResort }: Props) {
  const { t } = useTranslation('hotline');
  const mine = sheets.filter((sheet) => sheet.holder_agent === me && me !== null).length;
  const free = sheets.filter((sheet) => sheet.holder_agent === null).length;
  const behind = outOfOrder(sheets);
  return (
    <section className={css.list} aria-label={t('sheets.title')}>
      <header>
        <h2>{t('sheets.title')}</h2>
        <span className="xs mut">{t('sheets.counts', { mine, open: free })}</span>
        <Late sheets={sheets} />
      </header>
      <div className={css.sheets} onKeyDown={onRowKeys} role="group" aria-label={t('sheets.title')}>
        {!loading && sheets.length === 0 && <EmptyState icon="check" hint={t('sheets.empty_hint')}>{t('sheets.empty')}</EmptyState>}
        {sheets.map((sheet) => <Row key={sheet.id} sheet={sheet} me={me} on={sheet.id === selected} onSelect={onSelect} />)}
      </div>
      <footer>
        {behind > 0 ? <>{t('sheets.arrived', { count: behind })} <Button size="xs" variant="subtle" onClick={onResort}>{t('sheets.resort')}</Button></> : t('sheets.note')}
      </footer>
    </section>
  );
}

function Late({ sheets }: { readonly sheets: readonly Ticket[] }) {
  const { t } = useTranslation('hotline');
  const now = useSecond();
  const late = sheets.filter((sheet) => sheet.due_at !== null && seconds(sheet.due_at) <= now).length;
  return late === 0 ? null : <span className={css.late}><Icon name="alert" size={14} />{t('sheets.late_count', { count: late })}</span>;
}

function Row({ sheet, me, on, onSelect }: { readonly sheet: Ticket; readonly on: boolean } & Pick<Props, 'me' | 'onSelect'>) {
  const { t, i18n } = useTranslation('hotline');
  const agentName = useAgentName();
  const symptom = useSymptomText();
  const mine = me !== null && sheet.holder_agent === me;
  const taken = sheet.history.findLast((step) => step.code === 'taken')?.at;
  const who = mine
    ? taken ? t('sheets.mine_since', { time: timeOfDay(taken, i18n.language) }) : t('sheets.mine')
    : sheet.holder_agent ? t('sheets.held_by', { agent: agentName(sheet.holder_agent) }) : t('sheets.not_taken');
  return (
    <button type="button" className={css.sheet} data-row aria-current={on || undefined} onClick={() => onSelect(sheet.id)} onFocus={() => onSelect(sheet.id)}>
      <span>
        {sheet.due_at !== null && <><Due at={sheet.due_at} soon={SOON_SECONDS} counting /><Bar at={sheet.due_at} /></>}
      </span>
      <span>
        <b>{sheet.owner_name || phoneNumber(sheet.phone ?? '')}</b>
        <span className={css.what}>{[sheet.equipment, symptom(sheet.symptom)].filter(Boolean).join(' · ') || sheet.title}</span>
        <span className="xs mut">{who}</span>
      </span>
    </button>
  );
}

/** What is left of the quarter of an hour. */
export function Bar({ at }: { readonly at: string }) {
  const now = useSecond();
  const left = seconds(at) - now;
  return (
    <span className={css.bar} data-tone={urgency(seconds(at), now, SOON_SECONDS)} aria-hidden>
      <i style={{ width: `${share(left) * 100}%` }} />
    </span>
  );
}
