import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { api } from '@/api/client';
import type { Activity } from '@/api/owners';
import type { Page } from '@/api/wire';
import { day, duration, timeOfDay } from '@/clock/format';
import { serverNow } from '@/clock/ticker';
import { counted } from '@/pages/list/pages';
import { EmptyState, Icon, type IconName, Panel, Tag, useAgentName, useDispositionName, useQueueName } from '@/ui';

/** What has passed between us and this owner, newest first. */
export function History({ owner }: { readonly owner: string | null }) {
  const { t } = useTranslation('desk');
  const list = useQuery({
    queryKey: ['owners', owner, 'activity'],
    queryFn: () => api.get<Page<Activity>>(`/owners/${owner ?? ''}/activity`),
    enabled: owner !== null,
  });
  const rows = list.data?.items ?? [];
  const count = list.data ? counted(rows.length, list.data.next !== null) : undefined;
  return (
    <Panel title={t('history.title')} count={count} size="grow" flush live>
      {owner === null ? (
        <EmptyState icon="search" hint={t('history.nobody_hint')}>{t('history.nobody')}</EmptyState>
      ) : rows.length === 0 && !list.isPending ? (
        <EmptyState icon="clock">{t('history.empty')}</EmptyState>
      ) : (
        <table className="table fixed">
          <colgroup><col style={{ width: 100 }} /><col /><col style={{ width: 92 }} /><col style={{ width: 108 }} /></colgroup>
          <thead className="sr"><tr><th>{t('history.when')}</th><th>{t('history.what')}</th><th>{t('history.who')}</th><th>{t('history.result')}</th></tr></thead>
          <tbody>{rows.map((row) => <Row key={row.kind + row.id} row={row} />)}</tbody>
        </table>
      )}
    </Panel>
  );
}

interface Words {
  readonly icon: IconName;
  readonly what: string;
  /** What was noted at the end of a call, on one line. */
  readonly note?: string;
  readonly to: string | null;
  readonly result: string;
  readonly tone: 'late' | 'soon' | 'plain';
}

/** A ticket nobody has finished and a call nobody answered are what needs an eye; the rest stays ink. */
function useWords(): (row: Activity) => Words {
  const { t } = useTranslation('desk');
  const disposition = useDispositionName();
  const queue = useQueueName();
  const call = (row: Activity): Words => {
    const gaveUp = row.direction === 'in' && !row.agent;
    const what = gaveUp ? t('history.gave_up', { wait: duration(row.wait_s ?? 0) }) : t(row.direction === 'out' ? 'history.called_out' : 'history.called', { queue: queue(row.queue) });
    return { icon: row.direction === 'out' ? 'phone-out' : 'phone-in', what, note: row.note?.replace(/\s+/g, ' ').trim() ?? '', to: `/calls/${row.id}`, result: gaveUp ? t('history.abandoned') : disposition(row.disposition), tone: gaveUp ? 'late' : 'plain' };
  };
  const ticket = (row: Activity): Words => {
    const open = row.state === 'open' || row.state === 'handed_over' || row.state === 'in_progress';
    return { icon: 'ticket', what: `${row.number ?? ''} ${row.title ?? ''}`, to: `/tickets/${row.id}`, result: row.state ? t(`common:ticket_state.${row.state}`, { defaultValue: row.state }) : '', tone: open ? 'soon' : 'plain' };
  };
  const callback = (row: Activity): Words => ({ icon: 'calendar', what: [t('history.callback'), row.note].filter(Boolean).join(' · '), to: null, result: row.state ? t(`history.callback_${row.state}`, { defaultValue: row.state }) : '', tone: row.state === 'open' ? 'soon' : 'plain' });
  return (row) => ({ call, ticket, callback })[row.kind](row);
}

function Row({ row }: { readonly row: Activity }) {
  const { i18n } = useTranslation('desk');
  const agent = useAgentName();
  const words = useWords()(row);
  return (
    <tr>
      <td className="mut num">{day(row.at, serverNow())} {timeOfDay(row.at, i18n.language)}</td>
      <td title={[words.what, words.note].filter(Boolean).join(' · ')}>
        <Icon name={words.icon} size={14} /> {words.to ? <Link to={words.to} style={{ color: 'inherit' }}>{words.what}</Link> : words.what}
        {words.note && <span className="mut"> · {words.note}</span>}
      </td>
      <td className="mut">{agent(row.agent)}</td>
      <td className="right">{words.result && <Tag tone={words.tone}>{words.result}</Tag>}</td>
    </tr>
  );
}
