/** What happened with an owner, grouped by day as a person reads it: today, yesterday, then dates. */

export interface Entry {
  readonly id: string;
  readonly kind: 'call' | 'ticket' | 'callback';
  readonly at: string;
}

export type Day = 'today' | 'yesterday' | { readonly month: string };

export interface Group<T> {
  readonly key: string;
  readonly day: Day;
  readonly rows: readonly T[];
}

const dayNumber = (time: Date): number => Math.floor((time.getTime() - time.getTimezoneOffset() * 60_000) / 86_400_000);

function dayOf(at: string, now: number): Day {
  const time = new Date(at);
  const ago = dayNumber(new Date(now)) - dayNumber(time);
  if (ago <= 0) return 'today';
  if (ago === 1) return 'yesterday';
  return { month: `${time.getFullYear()}-${String(time.getMonth() + 1).padStart(2, '0')}` };
}

/** Newest first, in groups. Entries arrive sorted; a stray one joins its group's end. */
export function groups<T extends Entry>(rows: readonly T[], now: number): Group<T>[] {
  const found = new Map<string, { day: Day; rows: T[] }>();
  for (const row of rows) {
    const day = dayOf(row.at, now);
    const key = typeof day === 'string' ? day : day.month;
    const group = found.get(key) ?? { day, rows: [] };
    group.rows.push(row);
    found.set(key, group);
  }
  return [...found].map(([key, group]) => ({ key, ...group }));
}

export type Warranty = { readonly state: 'valid' | 'expired' | 'none'; readonly days: number };

/** A warranty lasts until the end of its day; `days` counts to it. */
export function warranty(until: string | null, now: number): Warranty {
  if (!until) return { state: 'none', days: 0 };
  const days = dayNumber(new Date(`${until.slice(0, 10)}T12:00:00`)) - dayNumber(new Date(now));
  return { state: days < 0 ? 'expired' : 'valid', days };
}
