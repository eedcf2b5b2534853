/** The open task sheets in places that do not change by themselves. */
import { useQuery } from '@tanstack/react-query';
import { useMemo, useRef, useState } from 'react';
import { api } from '@/api/client';
import type { Ticket } from '@/api/tickets';
import type { Page } from '@/api/wire';
import { keepPlaces } from './sheets';

export function useSheets() {
  const found = useQuery({ queryKey: ['task-sheets'], queryFn: ({ signal }) => api.get<Page<Ticket>>('/task-sheets', undefined, signal) });
  const places = useRef<readonly string[]>([]);
  const [round, setRound] = useState(0);
  const sheets = useMemo(() => {
    void round;
    const rows = keepPlaces(places.current, found.data?.items ?? []);
    places.current = rows.map((row) => row.id);
    return rows;
  }, [found.data, round]);
  const resort = () => {
    places.current = [];
    setRound((n) => n + 1);
  };
  return { sheets, error: found.error, loading: found.isPending, retry: () => void found.refetch(), resort };
}
