/** Who is on the screen beside the call, and how sure that is. The pop brings the candidates before the ring; after a reload of the
 *  page they are looked up by number again. */
import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { api } from '@/api/client';
import { useOwner } from '@/api/queries';
import type { CallbackBrief } from '@/api/callbacks';
import type { Call } from '@/api/calls';
import type { Candidate, Equipment, Owner, OwnerRow, Property } from '@/api/owners';
import type { TicketBrief } from '@/api/tickets';
import type { Page } from '@/api/wire';
import { chooseOwner } from '@/call/control';
import { useDraft } from '@/call/drafts';
import type { MyCall } from '@/call/use_my_call';

export interface OwnerInView {
  readonly id: string;
  readonly name: string;
  readonly level: string | null;
  readonly note: string | null;
  readonly number: string | null;
  readonly properties: readonly Property[];
  readonly equipment: readonly Equipment[];
  readonly open_tickets: readonly TicketBrief[];
  readonly callbacks: readonly CallbackBrief[];
}

export interface InView {
  readonly candidates: readonly Candidate[];
  /** The one shown: picked by the agent, recorded with the call, or the likeliest. */
  readonly chosen: string | null;
  readonly owner: OwnerInView | null;
  /** A new person is being entered: nobody is known, or the agent said "none of them". */
  readonly quick: boolean;
}

const fromRow = (row: OwnerRow, shared: number): Candidate => ({
  owner: row.id,
  name: row.name,
  level: row.level,
  reason: shared > 1 ? { code: 'shared_number', params: { owners: shared } } : { code: 'only_owner', params: {} },
  properties: row.address ? [{ id: '', address: row.address, relation: '' }] : [],
  equipment: [],
  open_tickets: [],
  last_calls: [],
  callbacks: [],
});

const remote = (call: Call | null): string => (call === null ? '' : call.direction === 'in' ? call.from : call.to);

function useCandidates(my: MyCall): readonly Candidate[] {
  const number = remote(my.call);
  const found = useQuery({
    queryKey: ['owners', 'number', number],
    queryFn: () => api.get<Page<OwnerRow>>('/owners', { q: number }),
    enabled: my.pop === null && number.length > 4,
    staleTime: 60_000,
  });
  if (my.pop) return my.pop.candidates;
  const rows = (found.data?.items ?? []).filter((row) => row.phones.includes(number));
  return rows.map((row) => fromRow(row, rows.length));
}

export function useOwnerInView(my: MyCall): InView {
  const candidates = useCandidates(my);
  const draft = useDraft(my.call?.id ?? null);
  const picked = draft.owner ?? my.call?.owner ?? null;
  const likeliest = candidates[0]?.owner ?? null;
  const quick = draft.quick || (picked === null && likeliest === null);
  const chosen = quick ? null : (picked ?? likeliest);
  const fetched = useOwner(chosen).data;
  const candidate = candidates.find((one) => one.owner === chosen);
  useRecordedOwner(my, draft.owner ?? (candidates.length === 1 && !quick ? chosen : null));
  return { candidates, chosen, quick, owner: inView(fetched, candidate, remote(my.call) || null) };
}

/** The whole record when it is there; the pop's candidate until then, so that nothing is waited for before the ring. */
function inView(fetched: Owner | undefined, candidate: Candidate | undefined, number: string | null): OwnerInView | null {
  if (fetched) return { ...fetched, number: number ?? fetched.phones[0]?.e164 ?? null };
  return candidate ? { ...candidate, id: candidate.owner, note: null, number } : null;
}

/** The choice goes into the call's record once there is a conversation: what was only offered is not yet his. */
function useRecordedOwner(my: MyCall, wanted: string | null): void {
  const sent = useRef('');
  const { call, phase, coreUp, mine } = my;
  const inCall = phase === 'talking' || phase === 'consult' || phase === 'wrapup' || phase === 'dialling';
  useEffect(() => {
    if (!inCall || !coreUp || !mine || call === null || wanted === null || call.owner === wanted) return;
    const key = `${call.id} ${wanted}`;
    if (sent.current === key) return;
    sent.current = key;
    void chooseOwner(call, wanted);
  }, [inCall, coreUp, mine, call, wanted]);
}
