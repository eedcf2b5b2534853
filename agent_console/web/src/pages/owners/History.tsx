/** What happened with this owner, newest first, by day. */
import { Button } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { Activity } from '@/api/owners';
import { day, duration, moment, timeOfDay } from '@/clock/format';
import { serverNow } from '@/clock/ticker';
import { onRowKeys } from '@/pages/list/row_keys';
import { usePages } from '@/pages/list/use_pages';
import { Choice, EmptyState, ErrorLine, Icon, type IconName, Tag, useAgentName, useDispositionName, useQueueName } from '@/ui';
import { groups } from './activity';
import css from './owner.module.css';

type Kind = 'all' | Activity['kind'];
const KINDS: readonly (readonly [Kind, string])[] = [['all', 'all'], ['call', 'calls'], ['ticket', 'tickets'], ['callback', 'callbacks']];

export function History({ owner }: { readonly owner: string }) {
  const { t } = useTranslation('owners');
  const [kind, setKind] = useState<Kind>('all');
  const list = usePages<Activity>('owners', `/owners/${owner}/activity`, {});
  const rows = kind === 'all' ? list.rows : list.rows.filter((row) => row.kind === kind);
  const now = serverNow();
  return (
    <section className={css.history} data-zone tabIndex={-1} aria-label={t('activity.title')}>
      <div className={css.filters}>
        <Choice label={t('activity.filter')} value={kind} onChange={setKind} options={KINDS.map(([value, label]) => ({ value, label: t(`activity.${label}`) }))} />
      </div>
      <div className={css.entries} tabIndex={0} role="region" aria-label={t('activity.title')} onKeyDown={onRowKeys}>
        {list.error ? <ErrorLine error={list.error} /> : null}
        {!list.loading && !list.error && rows.length === 0 && <EmptyState icon="clock" hint={t('activity.empty_hint')}>{t('activity.empty')}</EmptyState>}
        {groups(rows, now).map((group) => (
          <section key={group.key}>
            <h3>{typeof group.day === 'string' ? t(`activity.${group.day}`) : group.day.month}</h3>
            <ul>
              {group.rows.map((row) => <Entry key={row.kind + row.id} row={row} now={now} dated={typeof group.day !== 'string'} />)}
            </ul>
          </section>
        ))}
        {list.more && <Button size="xs" variant="subtle" loading={list.loadingMore} onClick={list.loadMore}>{t('activity.more')}</Button>}
      </div>
    </section>
  );
}

const ICONS: Readonly<Record<Activity['kind'], IconName>> = { call: 'in', ticket: 'ticket', callback: 'calendar' };

function Entry({ row, now, dated }: { readonly row: Activity; readonly now: number; readonly dated: boolean }) {
  const { i18n, t } = useTranslation('owners');
  const agentName = useAgentName();
  const words = useWords(row, now);
  return (
    <li className={css.entry} data-strong={words.strong || undefined}>
      <time dateTime={row.at} className="num">{dated ? day(row.at, now) : timeOfDay(row.at, i18n.language)}</time>
      <Icon name={row.kind === 'call' ? (row.direction ?? 'in') : ICONS[row.kind]} />
      <div>
        {words.to === null ? words.title : <Link to={words.to} data-row>{words.title}</Link>}
        {words.more !== '' && <p>{words.more}</p>}
        {words.note && <p className={css.noted}>{words.note}</p>}
      </div>
      {words.abandoned ? <Tag tone="late"><Icon name="alert" size={12} />{t('activity.abandoned_tag')}</Tag> : <span className={css.by}>{agentName(row.agent)}</span>}
    </li>
  );
}

interface Words {
  readonly title: ReactNode;
  readonly more: string;
  /** What was noted at the end of a call. */
  readonly note?: string | null | undefined;
  readonly to: string | null;
  readonly strong: boolean;
  readonly abandoned: boolean;
}

function useWords(row: Activity, now: number): Words {
  const { t, i18n } = useTranslation(['owners', 'tickets', 'calls']);
  const dispositionName = useDispositionName();
  const queueName = useQueueName();
  if (row.kind === 'ticket') {
    return { title: [t('activity.ticket', { number: row.number ?? '' }), row.title].filter(Boolean).join(' · '), more: row.state ? t(`tickets:state.${row.state}`, { defaultValue: row.state }) : '', to: `/tickets/${row.id}`, strong: false, abandoned: false };
  }
  if (row.kind === 'callback') {
    const title = row.state === 'done' ? t('activity.callback_done') : row.state === 'cancelled' ? t('activity.callback_cancelled') : t('activity.callback', { time: moment(row.at, now, i18n.language) });
    return { title, more: row.note ?? '', to: null, strong: false, abandoned: false };
  }
  const talked = (row.talk_s ?? 0) > 0;
  const inbound = row.direction !== 'out';
  const title = inbound
    ? talked ? t('activity.call_in', { time: duration(row.talk_s ?? 0) }) : t('activity.abandoned', { time: duration(row.wait_s ?? 0) })
    : talked ? t('activity.call_out', { time: duration(row.talk_s ?? 0) }) : t('activity.missed_out');
  const about = dispositionName(row.disposition);
  const more = [queueName(row.queue), talked && row.wait_s ? t('activity.waited', { time: duration(row.wait_s) }) : '', row.ended_by ? t('activity.ended_by', { by: t(`calls:ended_by.${row.ended_by}`, { defaultValue: row.ended_by }) }) : ''];
  return { title: [title, about].filter(Boolean).join(' · '), more: more.filter(Boolean).join(' · '), note: row.note, to: `/calls/${row.id}`, strong: inbound && !talked, abandoned: inbound && !talked };
}
