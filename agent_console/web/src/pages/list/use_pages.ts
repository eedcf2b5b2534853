/** A list by cursor as TanStack Query holds it: pages, merged rows, the next page on demand. */
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { api } from '@/api/client';
import type { Page } from '@/api/wire';
import { nextCursor, rowsOf } from './pages';

export interface LongList<T> {
  readonly rows: readonly T[];
  readonly error: unknown;
  readonly loading: boolean;
  readonly more: boolean;
  readonly loadingMore: boolean;
  readonly loadMore: () => void;
  readonly retry: () => void;
}

type Filters = Readonly<Record<string, string | undefined>>;

/** `key` is the resource's first part of the query key: a hint on the live line refreshes it. */
export function usePages<T extends { readonly id: string }>(key: string, path: string, filters: Filters, enabled = true): LongList<T> {
  const found = useInfiniteQuery({
    queryKey: [key, 'list', path, filters],
    queryFn: ({ pageParam, signal }) => api.get<Page<T>>(path, { ...filters, cursor: pageParam }, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: nextCursor,
    placeholderData: keepPreviousData,
    enabled,
  });
  const rows = useMemo(() => rowsOf(found.data?.pages ?? []), [found.data]);
  return {
    rows,
    error: found.error,
    loading: found.isPending && enabled,
    more: found.hasNextPage,
    loadingMore: found.isFetchingNextPage,
    loadMore: () => void (found.hasNextPage && !found.isFetchingNextPage && found.fetchNextPage()),
    retry: () => void found.refetch(),
  };
}
