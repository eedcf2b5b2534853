/** One 1 Hz ticker for the whole page. It beats on the server's second, so that every figure turns over together. */
import { useSyncExternalStore } from 'react';

let offset = 0;
let second = Math.floor(Date.now() / 1000);
let timer: ReturnType<typeof setTimeout> | null = null;
const listeners = new Set<() => void>();

/** Milliseconds of the server's clock, learned from its beats. */
export function serverNow(): number {
  return Date.now() + offset;
}

/** The least delayed beat of late tells best how far the two clocks are apart. */
export function learnOffset(serverMs: number): void {
  const seen = serverMs - Date.now();
  offset = Math.abs(seen - offset) > 1500 || offset === 0 ? seen : Math.max(seen, offset - 1);
}

function beat(): void {
  second = Math.floor(serverNow() / 1000);
  for (const listener of listeners) listener();
  timer = setTimeout(beat, 1000 - (serverNow() % 1000) + 5);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  if (timer === null) beat();
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0 && timer !== null) {
      clearTimeout(timer);
      timer = null;
    }
  };
}

/** The current second of the server's clock; the component draws again once a second. */
export function useSecond(): number {
  return useSyncExternalStore(subscribe, () => second);
}

export const seconds = (iso: string): number => Math.floor(Date.parse(iso) / 1000);
