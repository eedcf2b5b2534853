/** Callbacks that have come due and were put off: "later" is five minutes, not the rest of the shift. */
import { create } from 'zustand';
import type { Callback } from '@/api/callbacks';

export const LATER_MINUTES = 5;

/** A callback and its time → when it comes up again; put to another time it is a new one. */
const useOff = create<{ readonly until: Readonly<Record<string, number>> }>(() => ({ until: {} }));

const keyOf = ({ id, due_at }: Callback): string => `${id} ${due_at}`;

export const putOff = (callback: Callback, now: number): void =>
  useOff.setState(({ until }) => ({ until: { ...until, [keyOf(callback)]: now + LATER_MINUTES * 60_000 } }));

/** The first that waits now. */
export function useDue(due: readonly Callback[], now: number): Callback | undefined {
  const until = useOff((s) => s.until);
  return due.find((callback) => (until[keyOf(callback)] ?? 0) <= now);
}
