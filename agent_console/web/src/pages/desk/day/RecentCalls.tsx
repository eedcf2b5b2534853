import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { CallRecord } from '@/api/records';
import { duration, phoneNumber, timeOfDay } from '@/clock/format';
import { EmptyState, Icon, Panel, useDispositionName, useQueueName } from '@/ui';
import type { MyCalls } from './use_my_calls';

export function RecentCalls({ calls }: { readonly calls: MyCalls }) {
  const { t } = useTranslation('desk');
  return (
    <Panel title={t('recent.title')} size="grow" line={false} flush count={calls.rows.length > 0 ? t('recent.today', { n: calls.rows.length }) : undefined}>
      {calls.rows.length === 0 && !calls.loading ? (
        <EmptyState icon="phone" hint={t('recent.empty_hint')}>{t('recent.empty')}</EmptyState>
      ) : (
        <table className="table fixed">
          <colgroup><col style={{ width: 88 }} /><col style={{ width: '34%' }} /><col /><col style={{ width: 118 }} /><col style={{ width: 64 }} /></colgroup>
          <thead><tr><th>{t('recent.time')}</th><th>{t('recent.who')}</th><th>{t('recent.queue')}</th><th>{t('recent.result')}</th><th className="right">{t('recent.talk')}</th></tr></thead>
          <tbody>{calls.rows.map((row) => <Row key={row.id} row={row} />)}</tbody>
        </table>
      )}
    </Panel>
  );
}

function Row({ row }: { readonly row: CallRecord }) {
  const { t, i18n } = useTranslation('desk');
  const queue = useQueueName();
  const disposition = useDispositionName();
  const number = row.direction === 'in' ? row.from : row.to;
  const name = row.owner_name || row.from_name;
  return (
    <tr>
      <td className="num"><span className="mut"><Icon name={row.direction} size={14} /></span><span className="sr">{t(`recent.${row.direction}`)}</span> {timeOfDay(row.started_at, i18n.language)}</td>
      <td><Link to={`/calls/${row.id}`} style={{ color: 'inherit' }}>{name || (number ? phoneNumber(number) : t('common:unknown_number'))}</Link></td>
      <td className="mut">{queue(row.queue)}</td>
      <td>{row.disposition ? disposition(row.disposition) : row.answered_at === null ? t('recent.not_answered') : ''}</td>
      <td className="right num">{duration(row.talk_s)}</td>
    </tr>
  );
}
