/** Who does what when a key is pressed: components offer actions while they are on the screen; the latest offer wins. */
import { useEffect, useRef } from 'react';
import type { Action } from './keymap';

export type Doable = Action | 'pick' | 'hangup_up';
type Run = (index: number) => void;

const offers = new Map<Doable, { run: Run }[]>();

/** Offer to do `action` while mounted and `enabled`. `run` gets the digit of a pick. */
export function useAction(action: Doable, run: Run, enabled = true): void {
  const latest = useRef(run);
  useEffect(() => {
    latest.current = run;
  });
  useEffect(() => {
    if (!enabled) return undefined;
    const offer = { run: (index: number) => latest.current(index) };
    offers.set(action, [...(offers.get(action) ?? []), offer]);
    return () => {
      offers.set(action, (offers.get(action) ?? []).filter((other) => other !== offer));
    };
  }, [action, enabled]);
}

/** Do it, if somebody offers to. */
export function perform(action: Doable, index = 0): boolean {
  const offer = offers.get(action)?.at(-1);
  offer?.run(index);
  return offer !== undefined;
}

export const canPerform = (action: Doable): boolean => (offers.get(action)?.length ?? 0) > 0;
