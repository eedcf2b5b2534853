/** What an engineer does with a sheet: ring the owner (taking the sheet first), and leave it with an outcome. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api } from '@/api/client';
import type { Ticket } from '@/api/tickets';
import { fromField } from '@/pages/callbacks/order';
import { useDial, type Dial } from '@/pages/owners/use_dial';
import { useSheetDraft } from './drafts';
import { noteOf, type Draft, type Outcome } from './sheets';

interface Work {
  readonly dial: Dial;
  readonly taking: boolean;
  readonly takeError: unknown;
  readonly ring: () => void;
  readonly resolving: Outcome | null;
  readonly resolveError: unknown;
  readonly resolve: (outcome: Outcome, draft: Draft) => void;
}

export function useSheetWork(sheet: Ticket, me: string | null, onDone: (outcome: Outcome) => void): Work {
  const queries = useQueryClient();
  const dial = useDial();
  const { drop } = useSheetDraft(sheet.id);
  const refresh = () => {
    for (const key of ['task-sheets', 'tickets', 'owners']) void queries.invalidateQueries({ queryKey: [key] });
  };
  const take = useMutation({ mutationFn: () => api.post<Ticket>(`/task-sheets/${sheet.id}/take`), onSettled: refresh });
  const leave = useMutation({
    mutationFn: async ({ outcome, draft }: { outcome: Outcome; draft: Draft }) => {
      if (outcome === 'to_coordinator' && draft.service_mode !== (sheet.service_mode ?? '')) {
        await api.patch<Ticket>(`/tickets/${sheet.id}`, { version: sheet.version, service_mode: draft.service_mode });
      }
      const due_at = outcome === 'call_again' ? fromField(draft.due_at) : undefined;
      return api.post<Ticket>(`/task-sheets/${sheet.id}/resolve`, { outcome, note: noteOf(draft), due_at });
    },
    onSuccess: (_, { outcome }) => {
      drop();
      onDone(outcome);
    },
    onSettled: refresh,
  });
  const ring = async () => {
    if (sheet.holder_agent !== me || sheet.state !== 'in_progress') await take.mutateAsync();
    await dial.ring({ number: sheet.phone ?? '', owner: sheet.owner ?? undefined, ticket: sheet.id });
  };
  return {
    dial,
    taking: take.isPending,
    takeError: take.error,
    ring: () => void ring().catch(() => undefined),
    resolving: leave.isPending ? leave.variables.outcome : null,
    resolveError: leave.error,
    resolve: (outcome, draft) => leave.mutate({ outcome, draft }),
  };
}
