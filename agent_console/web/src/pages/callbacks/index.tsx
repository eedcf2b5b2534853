/** Callbacks that were agreed: due first, one key rings the selected one. */
import { Button } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { api } from '@/api/client';
import { useSession } from '@/api/queries';
import type { Callback } from '@/api/callbacks';
import { dialledFor, takeFirst } from '@/call/control';
import { useSecond } from '@/clock/ticker';
import { useFilters } from '@/pages/list/filters';
import list_css from '@/pages/list/list.module.css';
import { ListError, ListPage } from '@/pages/list/ListPage';
import { counted } from '@/pages/list/pages';
import { usePages } from '@/pages/list/use_pages';
import { onRowKeys } from '@/pages/list/row_keys';
import { useDial } from '@/pages/owners/use_dial';
import { useAction } from '@/shell/actions';
import { Choice, EmptyState, ErrorLine, useErrorText } from '@/ui';
import { CallbackRow, type Change } from './CallbackRow';
import { inOrder, lateCount } from './order';

const STATES = ['open', 'done', 'cancelled'] as const;

type State = (typeof STATES)[number];

export default function CallbacksPage() {
  const { t } = useTranslation('callbacks');
  const session = useSession().data;
  const [filters, set] = useFilters(['all', 'state'] as const);
  const isAgent = session !== undefined && session.agent !== null;
  const mine = isAgent && filters.all === '';
  const state = STATES.find((one) => one === filters.state) ?? 'open';
  const list = usePages<Callback>('callbacks', '/callbacks', { mine: mine ? 'true' : undefined, state });
  const rows = useMemo(() => inOrder(list.rows, state === 'open'), [list.rows, state]);
  const filterBar = (
    <>
      {isAgent && <Choice label={t('filter.scope')} value={mine ? 'mine' : 'all'} onChange={(scope) => set('all', scope === 'all' ? 'true' : '')} options={[{ value: 'mine', label: t('filter.mine') }, { value: 'all', label: t('filter.all') }]} />}
      <Choice label={t('filter.state')} value={state} onChange={(next) => set('state', next === 'open' ? '' : next)} options={STATES.map((value) => ({ value, label: t(`filter.${value}`) }))} />
      {state === 'open' && <Counts rows={rows} more={list.more} />}
    </>
  );
  return (
    <ListPage title={t('title')} filters={filterBar} foot={<><span>{t('due_first')}</span>{list.more && <Button size="xs" variant="subtle" loading={list.loadingMore} onClick={list.loadMore}>{t('more')}</Button>}</>}>
      {list.error ? <ListError list={list} retry={t('error.retry')} /> : !list.loading && <Rows rows={rows} state={state} />}
    </ListPage>
  );
}

/** The rows; the selected one, else the first one due, is what Alt C rings. */
function Rows({ rows, state }: { readonly rows: readonly Callback[]; readonly state: State }) {
  const { t } = useTranslation(['callbacks', 'common']);
  const role = useSession().data?.user.role;
  const queries = useQueryClient();
  const navigate = useNavigate();
  const errorText = useErrorText();
  const dial = useDial();
  const [selected, setSelected] = useState<string | null>(null);
  const change = useMutation({
    mutationFn: ({ id, ...rest }: Change) => api.patch<Callback>(`/callbacks/${id}`, rest),
    onSuccess: () => void queries.invalidateQueries({ queryKey: ['callbacks'] }),
  });
  const target = rows.find((row) => row.id === selected) ?? (state === 'open' ? rows[0] : undefined);
  const mayDial = role === 'agent' || role === 'hotline_engineer';
  const ring = (row: Callback) =>
    void dial.ring(dialledFor(row), () => takeFirst(row)).then((done) => (done ? navigate('/desk') : queries.invalidateQueries({ queryKey: ['callbacks'] })));
  useAction('dial', () => target && ring(target), mayDial && dial.whyNot === null && target !== undefined);
  if (rows.length === 0) {
    const empty = state === 'open' ? 'empty' : 'empty_done';
    return <EmptyState icon="calendar" hint={t(`${empty}.hint`)}>{t(`${empty}.title`)}</EmptyState>;
  }
  return (
    <>
      {dial.error !== null && <ErrorLine>{t('dial_failed', { why: errorText(dial.error) })}</ErrorLine>}
      {change.error !== null && <ErrorLine>{t('failed', { why: errorText(change.error) })}</ErrorLine>}
      {mayDial && state === 'open' && dial.whyNot !== null && <p className="xs mut" style={{ padding: '4px 12px' }}>{t(`why_not.${dial.whyNot}`)}</p>}
      <div className={list_css.scroll} tabIndex={0} role="region" aria-label={t('title')} onKeyDown={onRowKeys}>
        <table className="table fixed">
          <Head />
          <tbody>
            {rows.map((row) => (
              <CallbackRow
                key={row.id}
                row={row}
                on={row.id === target?.id}
                dial={mayDial ? { whyNot: dial.whyNot, busy: dial.dialling !== null, ring: () => ring(row) } : null}
                onSelect={setSelected}
                onChange={change.mutate}
              />
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

/** The late ones come first: unless all that are loaded are late, none is among the rest. */
function Counts({ rows, more }: { readonly rows: readonly Callback[]; readonly more: boolean }) {
  const { t } = useTranslation('callbacks');
  const late = lateCount(rows, useSecond() * 1000);
  return <span className="sm mut" style={{ lineHeight: '32px' }}>{t('counts', { open: counted(rows.length, more), late: counted(late, more && late === rows.length) })}</span>;
}

function Head() {
  const { t } = useTranslation('callbacks');
  return (
    <thead>
      <tr>
        <th scope="col" style={{ width: 132 }}>{t('col.due')}</th>
        <th scope="col" style={{ width: '16%' }}>{t('col.owner')}</th>
        <th scope="col" style={{ width: 160 }}>{t('col.number')}</th>
        <th scope="col">{t('col.note')}</th>
        <th scope="col" className={list_css.wide} style={{ width: '10%' }}>{t('col.agent')}</th>
        <th scope="col" className="right" style={{ width: 300 }}>{t('col.act')}</th>
      </tr>
    </thead>
  );
}
