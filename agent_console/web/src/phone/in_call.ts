/** Whether this tab was left in the middle of a conversation. Kept for the tab alone; a mark, nothing of the call. */
import { usePhone } from './store';

const KEY = 'carillon.in_call';

/** Asked once: a call that does not come back must not hold up the page after the next one, too. */
export function wasInCall(): boolean {
  try {
    const marked = sessionStorage.getItem(KEY) !== null;
    sessionStorage.removeItem(KEY);
    return marked;
  } catch {
    return false;
  }
}

function remember(talking: boolean): void {
  try {
    if (talking) sessionStorage.setItem(KEY, '1');
    else sessionStorage.removeItem(KEY);
  } catch {
    // Storage may be forbidden: then the next page starts like any other.
  }
}

/** Keep the mark as the line goes; returns how to stop. */
export function watchInCall(): () => void {
  return usePhone.subscribe((now, before) => {
    const talking = now.session?.state === 'talking';
    if (talking !== (before.session?.state === 'talking')) remember(talking);
  });
}

/** Resolves when the conversation can be heard again, at the latest after `limit` milliseconds. */
export function inCallAgain(limit: number): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      stop();
      resolve();
    };
    const timer = setTimeout(done, limit);
    const stop = usePhone.subscribe((now) => {
      if (now.session?.connected === true) done();
    });
  });
}
