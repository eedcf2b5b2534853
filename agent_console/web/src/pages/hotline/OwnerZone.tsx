import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useOwner } from '@/api/queries';
import type { Activity } from '@/api/owners';
import type { Ticket } from '@/api/tickets';
import { day, duration, moment, phoneNumber } from '@/clock/format';
import { serverNow } from '@/clock/ticker';
import { counted } from '@/pages/list/pages';
import { usePages } from '@/pages/list/use_pages';
import { Local } from '@/pages/owners/OwnerHead';
import { EmptyState, Icon, type IconName, Panel, useAgentName, useDispositionName } from '@/ui';
import css from './hotline.module.css';

/** Whom one rings, how often it was tried, and what there was before. */
export function OwnerZone({ sheet }: { readonly sheet: Ticket }) {
  const { t } = useTranslation('hotline');
  const owner = useOwner(sheet.owner).data;
  const list = usePages<Activity>('owners', `/owners/${sheet.owner ?? ''}/activity`, {}, sheet.owner !== null);
  const rows = sheet.owner === null ? [] : list.rows;
  const tries = rows.filter((row) => row.kind === 'call' && row.direction === 'out' && row.at >= sheet.created_at);
  const rest = rows.filter((row) => !tries.includes(row) && row.id !== sheet.id);
  return (
    <>
      <Panel title={t('owner.title')} aside={sheet.owner !== null && <Link className="xs" style={{ lineHeight: '24px' }} to={`/owners/${sheet.owner}`}>{t('owner.open')}</Link>}>
        <b style={{ fontSize: 16 }}>{owner?.name ?? (sheet.owner_name || t('owner.unknown'))}</b>
        <dl className="kv" style={{ marginTop: 6 }}>
          <dt>{t('owner.property')}</dt><dd>{sheet.address || owner?.properties[0]?.address || '–'}</dd>
          <dt>{t('owner.phone')}</dt><dd className="num">{sheet.phone ? phoneNumber(sheet.phone) : '–'}</dd>
          {sheet.phone && <><dt>{t('owner.local')}</dt><dd className="row" style={{ flexWrap: 'wrap' }}><Local number={sheet.phone} bare /></dd></>}
          {owner?.note && <><dt>{t('owner.note')}</dt><dd>{owner.note}</dd></>}
        </dl>
      </Panel>
      <Panel title={t('attempts.title')} count={tries.length > 0 ? tries.length : undefined} flush>
        {tries.length === 0 ? <EmptyState icon="phone-out" hint={t('attempts.hint')}>{t('attempts.none')}</EmptyState> : tries.map((row) => <Line key={row.id} row={row} timed />)}
      </Panel>
      {rest.length > 0 && (
        <Panel title={t('history.title')} count={counted(rest.length, list.more)} size="grow" flush>
          <div tabIndex={0} role="group" aria-label={t('history.title')}>
            {rest.map((row) => <Line key={row.kind + row.id} row={row} />)}
          </div>
        </Panel>
      )}
    </>
  );
}

const ICONS: Readonly<Record<Activity['kind'], IconName>> = { call: 'in', ticket: 'ticket', callback: 'calendar' };

function Line({ row, timed = false }: { readonly row: Activity; readonly timed?: boolean }) {
  const { t, i18n } = useTranslation(['hotline', 'owners']);
  const agentName = useAgentName();
  const dispositionName = useDispositionName();
  const now = serverNow();
  const talked = row.talk_s ?? 0;
  const what =
    row.kind === 'ticket' ? (row.title ?? row.number ?? '')
    : row.kind === 'callback' ? (row.note ?? '')
    : row.direction === 'out' ? (talked > 0 ? t('owners:activity.call_out', { time: duration(talked) }) : t('owners:activity.missed_out'))
    : talked > 0 ? t('owners:activity.call_in', { time: duration(talked) }) : t('owners:activity.abandoned', { time: duration(row.wait_s ?? 0) });
  return (
    <div className={css.entry}>
      <time className="num">{timed ? moment(row.at, now, i18n.language) : day(row.at, now)}</time>
      <span><Icon name={row.kind === 'call' ? (row.direction ?? 'in') : ICONS[row.kind]} size={14} /> {[what, dispositionName(row.disposition), agentName(row.agent)].filter(Boolean).join(' · ')}</span>
    </div>
  );
}
