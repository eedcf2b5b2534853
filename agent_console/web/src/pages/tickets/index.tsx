/** Tickets: whose turn it is and until when. */
import { Button, NativeSelect, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { Ticket } from '@/api/tickets';
import { moment } from '@/clock/format';
import { serverNow } from '@/clock/ticker';
import { useFilters } from '@/pages/list/filters';
import css from '@/pages/list/list.module.css';
import { ListError, ListPage } from '@/pages/list/ListPage';
import { LongTable } from '@/pages/list/LongTable';
import { usePages } from '@/pages/list/use_pages';
import { Choice, Due, EmptyState, Icon } from '@/ui';
import { useHolder } from './holder';

const FILTERS = ['q', 'state', 'mine', 'owner'] as const;
const STATES = ['open', 'handed_over', 'in_progress', 'solved', 'closed'] as const;
const DONE = new Set(['solved', 'closed']);

export default function TicketsPage() {
  const { t } = useTranslation('tickets');
  const [filters, set, clear] = useFilters(FILTERS);
  const [q] = useDebouncedValue(filters.q.trim(), 250);
  // Without a choice the list shows what still needs somebody; "any" shows everything.
  const state = filters.state === '' ? 'unfinished' : filters.state === 'any' ? '' : filters.state;
  const list = usePages<Ticket>('tickets', '/tickets', { q, state, mine: filters.mine, owner: filters.owner });
  const dirty = FILTERS.some((name) => filters[name] !== '');
  return (
    <ListPage
      title={t('title')}
      filters={
        <>
          <TextInput className={css.search} size="xs" type="search" aria-label={t('search')} placeholder={t('search')} value={filters.q} onChange={(event) => set('q', event.currentTarget.value)} leftSection={<Icon name="search" size={14} />} />
          <Choice label={t('filter.scope')} value={filters.mine === 'true' ? 'mine' : 'all'} onChange={(scope) => set('mine', scope === 'mine' ? 'true' : '')} options={[{ value: 'all', label: t('filter.everyone') }, { value: 'mine', label: t('filter.mine') }]} />
          <NativeSelect
            className={css.short} size="xs" aria-label={t('filter.state')} value={filters.state} onChange={(event) => set('state', event.currentTarget.value)}
            data={[{ value: '', label: t('filter.unfinished') }, { value: 'any', label: t('filter.any') }, ...STATES.map((value) => ({ value, label: t(`state.${value}`) }))]}
          />
          {dirty && <Button size="xs" variant="subtle" onClick={clear}>{t('filter.clear')}</Button>}
        </>
      }
      foot={<><span>{t('loaded', { count: list.rows.length })}</span>{!list.more && list.rows.length > 0 && <span>{t('end')}</span>}</>}
    >
      {list.error ? (
        <ListError list={list} retry={t('error.retry')} />
      ) : list.rows.length === 0 && !list.loading ? (
        <EmptyState icon="ticket" hint={t('empty.hint')}>{t('empty.title')}</EmptyState>
      ) : (
        <LongTable label={t('title')} head={<Head />} rows={list.rows} onEnd={list.loadMore} row={(ticket, i) => <Row key={ticket.id} ticket={ticket} index={i} />} />
      )}
    </ListPage>
  );
}

function Head() {
  const { t } = useTranslation('tickets');
  return (
    <thead>
      <tr>
        <th scope="col" style={{ width: 132 }}>{t('col.number')}</th>
        <th scope="col">{t('col.title')}</th>
        <th scope="col" className={css.roomy} style={{ width: '14%' }}>{t('col.owner')}</th>
        <th scope="col" className={css.roomy} style={{ width: 104 }}>{t('col.state')}</th>
        <th scope="col" className={css.roomy} style={{ width: '17%' }}>{t('col.holder')}</th>
        <th scope="col" style={{ width: 124 }}>{t('col.due')}</th>
        <th scope="col" className={css.wide} style={{ width: 108 }}>{t('col.created')}</th>
      </tr>
    </thead>
  );
}

const Row = memo(function Row({ ticket, index }: { readonly ticket: Ticket; readonly index: number }) {
  const { t, i18n } = useTranslation('tickets');
  const holder = useHolder()(ticket);
  return (
    <tr aria-rowindex={index + 2}>
      <td className="num"><Link className={css.main} to={`/tickets/${ticket.id}`} data-row><Icon name={ticket.kind === 'task_sheet' ? 'sheet' : 'ticket'} size={14} /><span className="sr">{t(`kind.${ticket.kind}`)} </span>{ticket.number}</Link></td>
      <td className={css.text} title={ticket.title}>{ticket.title}</td>
      <td className={css.roomy}>{ticket.owner_name}</td>
      <td className={css.roomy}>{t(`state.${ticket.state}`)}</td>
      <td className={`mut ${css.roomy}`} title={holder}>{holder}</td>
      <td>{ticket.due_at !== null && !DONE.has(ticket.state) ? <Due at={ticket.due_at} /> : <span className="mut">–</span>}</td>
      <td className={`num mut ${css.wide}`}>{moment(ticket.created_at, serverNow(), i18n.language)}</td>
    </tr>
  );
});
