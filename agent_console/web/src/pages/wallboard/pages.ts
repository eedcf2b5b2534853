/** Queues that do not fit one screen take turns. */
import { useSecond } from '@/clock/ticker';

export const PER_PAGE = 5;
const TURN_S = 15;

/** The queues to show now, and which page of how many this is. */
export function turn<T>(rows: readonly T[], second: number): { readonly rows: readonly T[]; readonly page: number; readonly pages: number } {
  const pages = Math.max(1, Math.ceil(rows.length / PER_PAGE));
  const page = Math.floor(second / TURN_S) % pages;
  return { rows: rows.slice(page * PER_PAGE, (page + 1) * PER_PAGE), page: page + 1, pages };
}

export function useTurn<T>(rows: readonly T[]): ReturnType<typeof turn<T>> {
  return turn(rows, useSecond());
}
