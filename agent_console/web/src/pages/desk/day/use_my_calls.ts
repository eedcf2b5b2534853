/** My calls of today, newest first. Asked again when a call of mine ends and until its record is in it, not by the clock. */
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '@/api/client';
import type { CallRecord } from '@/api/records';
import type { Page } from '@/api/wire';
import { serverNow } from '@/clock/ticker';
import { askAgain, useLastCall } from './record_due';

const MOST = 400;

export interface MyCalls {
  readonly rows: readonly CallRecord[];
  readonly at: number;
  readonly loading: boolean;
}

async function allOfToday(agent: string): Promise<readonly CallRecord[]> {
  const midnight = new Date(serverNow());
  midnight.setHours(0, 0, 0, 0);
  const rows: CallRecord[] = [];
  let cursor: string | null = null;
  do {
    const page: Page<CallRecord> = await api.get<Page<CallRecord>>('/calls', { agent, from: midnight.toISOString(), cursor });
    rows.push(...page.items);
    cursor = page.next;
  } while (cursor !== null && rows.length < MOST);
  return rows;
}

export function useMyCalls(agent: string | null): MyCalls {
  const last = useLastCall((s) => s.last);
  const [since] = useState(serverNow);
  const query = useQuery({
    queryKey: ['calls', 'mine', agent],
    queryFn: () => allOfToday(agent ?? ''),
    enabled: agent !== null,
    staleTime: 5_000,
    refetchOnMount: 'always',
    refetchInterval: ({ state }) => askAgain(state.data, last, serverNow() - since),
  });
  return { rows: query.data ?? [], at: query.dataUpdatedAt, loading: query.isPending };
}
