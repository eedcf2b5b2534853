/** All calls one may see, newest first. */
import { useDebouncedValue } from '@mantine/hooks';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { CallRecord } from '@/api/records';
import { EmptyState } from '@/ui';
import { useFilters } from '@/pages/list/filters';
import { ListError, ListPage } from '@/pages/list/ListPage';
import { LongTable } from '@/pages/list/LongTable';
import { dayStart } from '@/pages/list/pages';
import { usePages } from '@/pages/list/use_pages';
import { CallFilters, FILTERS } from './CallFilters';
import { CallHead, CallRow } from './CallRow';

export default function CallsPage() {
  const { t } = useTranslation('calls');
  const [filters, set, clear] = useFilters(FILTERS);
  const [q] = useDebouncedValue(filters.q, 250);
  const { queue, agent, from, to } = filters;
  const asked = useMemo(
    () => ({ q, queue, agent, from: from ? dayStart(from) : undefined, to: to ? dayStart(to, 1) : undefined }),
    [q, queue, agent, from, to],
  );
  const list = usePages<CallRecord>('calls', '/calls', asked);
  return (
    <ListPage
      title={t('title')}
      filters={<CallFilters values={filters} onChange={set} onClear={clear} />}
      foot={
        <>
          <span>{t('loaded', { count: list.rows.length })}</span>
          <span>{list.loadingMore ? t('loading_more') : !list.more && list.rows.length > 0 ? t('end') : ''}</span>
        </>
      }
    >
      {list.error ? (
        <ListError list={list} retry={t('error.retry')} />
      ) : list.rows.length === 0 && !list.loading ? (
        <EmptyState icon="list" hint={t('empty.hint')}>{t('empty.title')}</EmptyState>
      ) : (
        <LongTable label={t('title')} head={<CallHead />} rows={list.rows} onEnd={list.loadMore} row={(call, i) => <CallRow key={call.id} call={call} index={i} />} />
      )}
    </ListPage>
  );
}
