/** The call that was in hand a moment ago. The core writes its record a little after the page knows that it is over, and nothing
 *  tells the page when: the list is asked again until the record is in it, for as long as that may reasonably take. */
import { create } from 'zustand';
import type { CallRecord } from '@/api/records';
import type { MyCall } from '@/call/use_my_call';

export interface LastCall {
  readonly id: string;
  /** It had a wrap-up: its record is whole when it has a disposition. */
  readonly wrapped: boolean;
}

export const AGAIN_MS = 1_000;
export const AT_MOST_MS = 10_000;

export const useLastCall = create<{ readonly last: LastCall | null }>(() => ({ last: null }));

/** Remember the call in hand; between calls the last one stays. An engineer's guest call goes on without him: its end may be long. */
export function remember({ call, phase, mine }: Pick<MyCall, 'call' | 'phase' | 'mine'>): void {
  if (call === null || !mine || phase === 'idle' || phase === 'signed_off' || phase === 'offer') return;
  const wrapped = phase === 'wrapup';
  const { last } = useLastCall.getState();
  if (last?.id !== call.id || last.wrapped !== wrapped) useLastCall.setState({ last: { id: call.id, wrapped } });
}

const isWhole = (row: CallRecord, last: LastCall): boolean => row.id === last.id && row.ended_at !== null && (!last.wrapped || row.disposition !== null);

/** Milliseconds until the list is asked again, false: not at all. `waited`: since the desk shows the day. */
export function askAgain(rows: readonly CallRecord[] | undefined, last: LastCall | null, waited: number): number | false {
  if (last === null || waited >= AT_MOST_MS) return false;
  return rows?.some((row) => isWhole(row, last)) ? false : AGAIN_MS;
}
