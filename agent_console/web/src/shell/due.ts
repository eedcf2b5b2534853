/** Callbacks that have come due and were put off: "later" is five minutes, not the rest of the shift. */
import { create } from 'zustand';
import type { Callback } from '@/api/callbacks';

export const LATER_MINUTES = 5;

/** Callback → when it comes up again, on the page's own clock. */
const useOff = create<{ readonly until: Readonly<Record<string, number>> }>(() => ({ until: {} }));

export const putOff = (callback: Callback, now: number): void =>
  useOff.setState(({ until }) => ({ until: { ...until, [callback.id]: now + LATER_MINUTES * 60_000 } }));

/** The first that waits now. */
export function useDue(due: readonly Callback[], now: number): Callback | undefined {
  const until = useOff((s) => s.until);
  return due.find((callback) => (until[callback.id] ?? 0) <= now);
}
