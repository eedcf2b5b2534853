/** Hanging up is throttled: pressed twice, or held for 400 ms. While the other side is still there the first press only warns. */
import { useCallback, useEffect, useRef, useState } from 'react';

const HOLD_MS = 400;
const ARMED_MS = 3_000;

export interface HangUp {
  /** The first press was made: the warning is on the screen, the next press hangs up. */
  readonly armed: boolean;
  readonly press: () => void;
  readonly keyDown: () => void;
  readonly keyUp: () => void;
}

export function useHangUp(enabled: boolean, run: () => void): HangUp {
  const [armed, setArmed] = useState(false);
  const holding = useRef<ReturnType<typeof setTimeout> | null>(null);
  const disarm = useRef<ReturnType<typeof setTimeout> | null>(null);

  const clear = useCallback(() => {
    if (holding.current !== null) clearTimeout(holding.current);
    if (disarm.current !== null) clearTimeout(disarm.current);
    holding.current = null;
    disarm.current = null;
  }, []);
  useEffect(() => clear, [clear]);

  const fire = useCallback(() => {
    clear();
    setArmed(false);
    run();
  }, [clear, run]);

  const press = useCallback(() => {
    if (!enabled) return;
    if (armed) {
      fire();
      return;
    }
    setArmed(true);
    disarm.current = setTimeout(() => setArmed(false), ARMED_MS);
  }, [armed, enabled, fire]);

  const keyDown = useCallback(() => {
    if (!enabled || holding.current !== null) return;
    press();
    if (!armed) holding.current = setTimeout(fire, HOLD_MS);
  }, [armed, enabled, fire, press]);

  const keyUp = useCallback(() => {
    if (holding.current !== null) clearTimeout(holding.current);
    holding.current = null;
  }, []);

  return { armed: armed && enabled, press, keyDown, keyUp };
}
