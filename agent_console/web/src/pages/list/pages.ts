/** Lists that come in pages by cursor. */

import type { Page } from '@/api/wire';

/** All pages as one list; a row that moved to a later page while reading shows once, where it was first. */
export function rowsOf<T extends { readonly id: string }>(pages: readonly Page<T>[]): T[] {
  const rows = new Map<string, T>();
  for (const page of pages) for (const row of page.items) if (!rows.has(row.id)) rows.set(row.id, row);
  return [...rows.values()];
}

/** The cursor of the page after the last one; undefined when that was the last. */
export function nextCursor<T>(page: Page<T>): string | undefined {
  return page.next ?? undefined;
}

/** Query parameters with the empty ones left out, in a fixed order: equal filters make equal cache keys. */
export function query(params: Readonly<Record<string, string | undefined>>): string {
  const given = Object.entries(params).filter((entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== '');
  given.sort(([a], [b]) => a.localeCompare(b));
  return new URLSearchParams(given).toString();
}

/** A day picked in the reader's zone ("2026-11-23") as the UTC moment it begins, or ends (the next day's begin). */
export function dayStart(day: string, plusDays = 0): string | undefined {
  const [y, m, d] = day.split('-').map(Number);
  if (y === undefined || m === undefined || d === undefined || !Number.isFinite(y + m + d)) return undefined;
  return new Date(y, m - 1, d + plusDays).toISOString();
}

/** How many there are, as far as it is known: a first page of 50 with more behind it is "50+", not 50. */
export const counted = (rows: number, more: boolean): string => `${rows}${more ? '+' : ''}`;
