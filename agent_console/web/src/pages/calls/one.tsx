/** One call: its record, its facts, its lanes, its recording. */
import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useParams } from 'react-router';
import { api } from '@/api/client';
import { useOwner } from '@/api/queries';
import type { CallRecord } from '@/api/records';
import type { Ticket } from '@/api/tickets';
import { Missing } from '@/pages/list/Missing';
import { EmptyState, Panel, Tag } from '@/ui';
import { Recording } from '@/ui/waveform/Recording';
import { About } from './About';
import css from './call.module.css';
import { Facts } from './Facts';
import { LanesView, Legend } from './LanesView';
import { lanesOf } from './lanes';
import { Summary } from './Summary';
import { WrapUps } from './WrapUps';

export default function CallPage() {
  const { id = '' } = useParams();
  const { t } = useTranslation('calls');
  const call = useQuery({ queryKey: ['calls', id], queryFn: ({ signal }) => api.get<CallRecord>(`/calls/${id}`, undefined, signal) });
  if (call.error) {
    return (
      <Missing
        error={call.error}
        back={{ to: '/calls', text: t('back') }}
        words={{ missing: t('missing.title'), missingHint: t('missing.hint'), forbidden: t('forbidden.title'), forbiddenHint: t('forbidden.hint'), retry: t('error.retry') }}
        onRetry={() => void call.refetch()}
      />
    );
  }
  return call.data ? <Record call={call.data} /> : <main className={css.page} aria-busy />;
}

function Record({ call }: { readonly call: CallRecord }) {
  const { t } = useTranslation('calls');
  const owner = useOwner(call.owner).data;
  const ticket = useQuery({ queryKey: ['tickets', call.ticket], queryFn: () => api.get<Ticket>(`/tickets/${call.ticket ?? ''}`), enabled: call.ticket !== null, retry: false }).data;
  const facts = useMemo(() => call.facts ?? [], [call.facts]);
  const lanes = useMemo(() => lanesOf(facts), [facts]);
  const [at, setAt] = useState<number | null>(null);
  const start = recordingStart(call);
  const raw = facts.find((fact) => fact.kind === 'call.arrived')?.ani_raw;
  return (
    <main className={css.page}>
      <Summary call={call} owner={owner} ticket={ticket} />
      <Panel title={t('facts.title')} count={facts.length} flush aside={typeof raw === 'string' && raw !== '' && <span className="xs mut cut">{t('record.raw', { number: raw })}</span>}>
        <Facts facts={facts} />
      </Panel>
      <div className={css.side} data-zone tabIndex={-1} aria-label={t('lanes.title')} role="group">
        <Panel title={t('lanes.title')} count={t('lanes.hint')} aside={<Legend />} line={false}>
          <LanesView lanes={lanes} cursor={at === null || at === 0 || start === null ? null : start + at} />
        </Panel>
        <Panel title={t('recording.title')} aside={<Quality call={call} />}>
          {call.recording ? <Recording call={call.id} onTime={setAt} /> : <EmptyState icon="rec" hint={t('recording.none_hint')}>{t('recording.none')}</EmptyState>}
        </Panel>
        <WrapUps said={call.wrap_ups ?? []} />
        <About call={call} ticket={ticket} />
      </div>
    </main>
  );
}

/** Seconds from the call's first fact to the start of its recording. */
function recordingStart(call: CallRecord): number | null {
  const facts = call.facts ?? [];
  const started = facts.find((fact) => fact.kind === 'recording.started') ?? facts.find((fact) => fact.kind === 'call.answered');
  const first = facts[0];
  return started && first ? (Date.parse(started.at) - Date.parse(first.at)) / 1000 : null;
}

function Quality({ call }: { readonly call: CallRecord }) {
  const { t } = useTranslation('calls');
  const status = call.recording?.status;
  if (status !== 'partial' && status !== 'failed') return null;
  return <Tag tone={status === 'failed' ? 'late' : 'soon'}>{t(`recording.${status}`)}</Tag>;
}
