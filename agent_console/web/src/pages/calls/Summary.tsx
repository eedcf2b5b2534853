import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { Owner } from '@/api/owners';
import type { CallRecord } from '@/api/records';
import type { Ticket } from '@/api/tickets';
import { duration, moment, phoneNumber } from '@/clock/format';
import { serverNow } from '@/clock/ticker';
import { Icon, Tag, useAgentName, useDispositionName, useQueueName } from '@/ui';
import css from './call.module.css';

interface Props {
  readonly call: CallRecord;
  readonly owner: Owner | undefined;
  readonly ticket: Ticket | undefined;
}

/** Who, when, how long, who ended it: the call in one line. */
export function Summary({ call, owner, ticket }: Props) {
  const { t, i18n } = useTranslation('calls');
  const queueName = useQueueName();
  const agentName = useAgentName();
  const dispositionName = useDispositionName();
  const number = (value: string): string => (value ? phoneNumber(value) : t('anonymous'));
  return (
    <section className={css.summary} aria-label={t('record.summary')} data-zone tabIndex={-1}>
      <Icon name={call.direction} size={22} />
      <div className={css.who}>
        <h1 className="cut">{owner?.name || call.owner_name || call.from_name || t('unknown_caller')}</h1>
        <span className="xs mut num">
          {number(call.from)} → {number(call.to)} · {moment(call.started_at, serverNow(), i18n.language)}
          {call.rebuilt && <> <Tag>{t('rebuilt')}</Tag></>}
        </span>
      </div>
      <dl className={css.items}>
        <Item name={t('record.queue')}>{queueName(call.queue) || '–'}</Item>
        <Item name={t('record.agent')}>{call.agent ? agentName(call.agent) : t('no_agent')}</Item>
        <Item name={t('record.waited')}>{duration(call.wait_s)}</Item>
        <Item name={t('record.talk')}>{duration(call.talk_s)}</Item>
        <Item name={t('record.hold')}>{duration(call.hold_s)}</Item>
        <Item name={t('record.ended_by')}>{call.ended_by ? t(`ended_by.${call.ended_by}`) : '–'}</Item>
        <Item name={t('record.disposition')}>{dispositionName(call.disposition) || '–'}</Item>
        <Item name={t('record.owner')}>{call.owner ? <Link to={`/owners/${call.owner}`}>{owner?.name ?? t('record.owner')}</Link> : t('record.no_owner')}</Item>
        <Item name={t('record.ticket')}>{call.ticket ? <Link to={`/tickets/${call.ticket}`}>{ticket?.number ?? t('record.ticket')}</Link> : t('record.no_ticket')}</Item>
      </dl>
    </section>
  );
}

function Item({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div className={css.item}>
      <dt>{name}</dt>
      <dd className="num">{children}</dd>
    </div>
  );
}
