/** How long to wait before the next try: doubling with full jitter, so that a restarted api is not hit by all pages at once. */

const FIRST_MS = 300;
const LONGEST_MS = 5_000;

/** `attempt` counts from 1; `chance` is a number in [0, 1). Never less than a third, so that a retry is never a busy loop. */
export function backoff(attempt: number, chance: number): number {
  const ceiling = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(attempt - 1, 10));
  return Math.round(ceiling * (1 / 3 + (2 / 3) * chance));
}
