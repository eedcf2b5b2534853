/** Query keys and hooks for what several pages read. A `hint` on the live socket invalidates by resource name (live/hints.ts). */
import { QueryClient, useQuery } from '@tanstack/react-query';
import { api } from './client';
import { ApiError } from './errors';
import type { Named } from './house';
import type { Owner } from './owners';
import type { Session } from './session';
import type { Page } from './wire';

const MINUTE = 60_000;

export function makeQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 15_000,
        refetchOnWindowFocus: false,
        retry: (count, error) => count < 2 && error instanceof ApiError && error.code === 'server_away',
      },
    },
  });
}

export const useSession = () =>
  useQuery({ queryKey: ['session'], queryFn: () => api.get<Session>('/session'), staleTime: Infinity, retry: false });

const useNamed = (resource: 'queues' | 'aux-reasons' | 'dispositions') =>
  useQuery({ queryKey: [resource], queryFn: () => api.get<Page<Named>>(`/${resource}`), staleTime: 10 * MINUTE, select: (page) => page.items });

export const useQueues = () => useNamed('queues');
export const useAuxReasons = () => useNamed('aux-reasons');
export const useDispositions = () => useNamed('dispositions');

export const useOwner = (id: string | null) =>
  useQuery({ queryKey: ['owners', id], queryFn: () => api.get<Owner>(`/owners/${id ?? ''}`), enabled: id !== null });
