import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { CallRecord } from '@/api/records';
import { duration, moment, phoneNumber } from '@/clock/format';
import { serverNow } from '@/clock/ticker';
import css from '@/pages/list/list.module.css';
import { Icon, Tag, useAgentName, useDispositionName, useQueueName } from '@/ui';

export function CallHead() {
  const { t } = useTranslation('calls');
  return (
    <thead>
      <tr>
        <th scope="col" style={{ width: 132 }}>{t('col.time')}</th>
        <th scope="col">{t('col.caller')}</th>
        <th scope="col" style={{ width: '13%' }}>{t('col.queue')}</th>
        <th scope="col" style={{ width: '13%' }}>{t('col.agent')}</th>
        <th scope="col" className="right" style={{ width: 68 }}>{t('col.wait')}</th>
        <th scope="col" className="right" style={{ width: 68 }}>{t('col.talk')}</th>
        <th scope="col" className={css.wider} style={{ width: '12%' }}>{t('col.ended_by')}</th>
        <th scope="col" className={css.wide} style={{ width: '14%' }}>{t('col.disposition')}</th>
        <th scope="col" style={{ width: 96 }}>{t('col.recording')}</th>
      </tr>
    </thead>
  );
}

/** An inbound call that no agent took. */
export const abandoned = (call: CallRecord): boolean => call.direction === 'in' && call.answered_at === null && call.ended_at !== null;

export const CallRow = memo(function CallRow({ call, index }: { readonly call: CallRecord; readonly index: number }) {
  const { t, i18n } = useTranslation('calls');
  const queueName = useQueueName();
  const agentName = useAgentName();
  const dispositionName = useDispositionName();
  const number = call.direction === 'out' ? call.to : call.from;
  const name = call.owner_name || call.from_name;
  return (
    <tr aria-rowindex={index + 2}>
      <td className="num">
        <Link className={css.main} to={`/calls/${call.id}`} data-row>
          <Icon name={call.direction} size={14} />
          <span className="sr">{t(`direction.${call.direction}`)} </span>
          {moment(call.started_at, serverNow(), i18n.language)}
        </Link>
      </td>
      <td>
        {name !== '' && <>{name} </>}
        <span className="num mut">{number ? phoneNumber(number) : t('anonymous')}</span>
      </td>
      <td>{queueName(call.queue)}</td>
      <td>{call.agent ? agentName(call.agent) : abandoned(call) ? <Tag tone="late">{t('abandoned')}</Tag> : <span className="mut">{t('no_agent')}</span>}</td>
      <td className="right num">{duration(call.wait_s)}</td>
      <td className="right num">{call.answered_at === null ? '–' : duration(call.talk_s)}</td>
      <td className={css.wider}>{call.ended_by ? t(`ended_by.${call.ended_by}`) : '–'}</td>
      <td className={css.wide}>{dispositionName(call.disposition) || (call.rebuilt ? <Tag>{t('rebuilt')}</Tag> : '–')}</td>
      <td className="mut">{call.recording ? <><Icon name="rec" size={14} /> {duration(call.recording.seconds)}</> : '–'}</td>
    </tr>
  );
});
