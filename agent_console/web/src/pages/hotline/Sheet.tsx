/** One task sheet: its clock, the one key that rings the owner, what was noted, what came of it. */
import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { api } from '@/api/client';
import type { Ticket } from '@/api/tickets';
import { phoneNumber, timeOfDay } from '@/clock/format';
import { seconds, useSecond } from '@/clock/ticker';
import { useAction } from '@/shell/actions';
import { Due, ErrorLine, Icon, useAgentName, useSymptomText } from '@/ui';
import { Recording } from '@/ui/waveform/Recording';
import css from './hotline.module.css';
import { OutcomeForm } from './OutcomeForm';
import { Bar } from './SheetList';
import { SOON_SECONDS, type Outcome } from './sheets';
import { useSheetWork } from './use_sheet_work';

interface Props {
  readonly sheet: Ticket;
  readonly me: string | null;
  /** Hotline engineers work on sheets; coordinators and supervisors watch. */
  readonly mayWork: boolean;
  readonly onDone: (outcome: Outcome) => void;
}

export function Sheet({ sheet, me, mayWork, onDone }: Props) {
  const { t } = useTranslation('hotline');
  const work = useSheetWork(sheet, me, onDone);
  // The list leaves histories out; who wrote the sheet stands in its own record.
  const full = useQuery({ queryKey: ['tickets', sheet.id], queryFn: ({ signal }) => api.get<Ticket>(`/tickets/${sheet.id}`, undefined, signal), retry: false }).data;
  const other = sheet.holder_agent !== null && sheet.holder_agent !== me;
  return (
    <section className={css.one} aria-label={t('sheet.label')}>
      <Head sheet={sheet} work={work} mayRing={mayWork && !other} />
      <div className={css.body} tabIndex={0} role="group" aria-label={t('intake.title')}>
        {sheet.call !== null && <Recording call={sheet.call} height={52} bare quiet />}
        <Intake sheet={full ?? sheet} />
        {mayWork && !other && <OutcomeForm sheet={sheet} work={work} />}
      </div>
    </section>
  );
}

function Head({ sheet, work, mayRing }: { readonly sheet: Ticket; readonly work: ReturnType<typeof useSheetWork>; readonly mayRing: boolean }) {
  const { t } = useTranslation('hotline');
  const agentName = useAgentName();
  const why = !sheet.phone ? t('sheet.no_number') : work.dial.whyNot === 'in_call' ? t('sheet.not_ready') : work.dial.whyNot === null ? null : t(`sheet.${work.dial.whyNot}`);
  useAction('dial', work.ring, mayRing && why === null);
  return (
    <header className={css.head}>
      <h2>{sheet.owner_name || phoneNumber(sheet.phone ?? '')} · {sheet.title}</h2>
      <span className="sm mut num"><Link to={`/tickets/${sheet.id}`}>{sheet.number}</Link></span>
      {sheet.due_at === null ? <span /> : <Clock at={sheet.due_at} />}
      {mayRing ? (
        <Button variant="filled" h={40} fz={15} px={16} disabled={why !== null} loading={work.taking || work.dial.dialling !== null} title={why ?? undefined} onClick={work.ring} leftSection={<Icon name="phone-out" size={18} />} rightSection={<kbd aria-hidden>Alt C</kbd>}>
          {t('sheet.ring')}
        </Button>
      ) : (
        <span className="sm mut">{sheet.holder_agent ? t('sheets.held_by', { agent: agentName(sheet.holder_agent) }) : t('sheets.not_taken')}</span>
      )}
      {mayRing && why !== null && <span className="xs mut">{why}</span>}
      {(work.takeError ?? work.dial.error) !== null && (
        <div style={{ gridColumn: '1 / -1' }}>
          <ErrorLine error={work.takeError ?? work.dial.error} />
        </div>
      )}
    </header>
  );
}

function Clock({ at }: { readonly at: string }) {
  const { t, i18n } = useTranslation('hotline');
  const late = seconds(at) <= useSecond();
  return (
    <div className={css.clock}>
      <Due at={at} soon={SOON_SECONDS} counting />
      <span className={css.until}>
        <span className="xs mut">{t(late ? 'sheet.was_due' : 'sheet.ring_by', { time: timeOfDay(at, i18n.language) })}</span>
        <Bar at={at} />
      </span>
    </div>
  );
}

function Intake({ sheet }: { readonly sheet: Ticket }) {
  const { t, i18n } = useTranslation(['hotline', 'tickets']);
  const symptom = useSymptomText();
  const none = t('intake.unknown');
  const created = sheet.history.find((step) => step.code === 'created');
  const rows: readonly (readonly [string, string])[] = [
    [t('intake.equipment'), sheet.equipment || none],
    [t('intake.symptom'), symptom(sheet.symptom) || none],
    [t('intake.since_when'), sheet.since_when || none],
    [t('intake.priority'), t(`tickets:priority.${sheet.priority ?? 2}`)],
  ];
  return (
    <>
      <dl className={css.intake}>
        {rows.map(([name, value]) => <div key={name}><dt>{name}</dt><dd>{value}</dd></div>)}
      </dl>
      {sheet.note && (
        <blockquote className={`say ${css.say}`} style={{ margin: 0 }}>
          {sheet.note}
          <br />
          <span className="xs mut">{t('sheet.from', { agent: created?.actor_name ?? '', time: timeOfDay(sheet.created_at, i18n.language) })}</span>
        </blockquote>
      )}
    </>
  );
}
