/** A television has nobody to press "reload": a page that heard nothing for too long loads itself again. */
import { useEffect } from 'react';
import { useLiveStore } from '@/live/store';
import { serverNow } from '@/clock/ticker';

const CHECK_MS = 15_000;
export const SILENT_MS = 60_000;

/** Long silence, and long enough since the last start: a server that is away must not make the page flicker. */
export function shouldReload(heardAt: number, startedAt: number, now: number): boolean {
  return now - Math.max(heardAt, startedAt) > SILENT_MS;
}

/** Reloads only when the server answers, so that the screen never shows the browser's own error page. */
async function reloadIfServed(): Promise<void> {
  try {
    const answer = await fetch(location.href, { cache: 'no-store' });
    if (answer.ok) location.reload();
  } catch {
    // Still away: the live line keeps trying, and so does the next check.
  }
}

export function useWatchdog(): void {
  useEffect(() => {
    const startedAt = serverNow();
    const timer = setInterval(() => {
      if (shouldReload(useLiveStore.getState().line.heardAt, startedAt, serverNow())) void reloadIfServed();
    }, CHECK_MS);
    return () => clearInterval(timer);
  }, []);
}

/** Keeps the screen on where the browser can; asked again whenever the page comes back to the front. */
export function useScreenOn(): void {
  useEffect(() => {
    const ask = () => {
      if (document.visibilityState === 'visible' && 'wakeLock' in navigator) void navigator.wakeLock.request('screen').catch(() => undefined);
    };
    ask();
    document.addEventListener('visibilitychange', ask);
    return () => document.removeEventListener('visibilitychange', ask);
  }, []);
}
