/** Callbacks: due first, and where they stand against the clock. */

interface Agreed {
  readonly id: string;
  readonly due_at: string;
  readonly state: string;
}

/** Open ones due first; done and cancelled ones newest first. */
export function inOrder<T extends Agreed>(rows: readonly T[], open: boolean): T[] {
  return [...rows].sort((a, b) => (open ? a.due_at.localeCompare(b.due_at) : b.due_at.localeCompare(a.due_at)) || a.id.localeCompare(b.id));
}

/** How many are past their time. */
export function lateCount(rows: readonly Agreed[], now: number): number {
  return rows.filter((row) => row.state === 'open' && Date.parse(row.due_at) < now).length;
}

/** Tomorrow at nine in the reader's zone. */
export function tomorrowAtNine(now: number): Date {
  const day = new Date(now);
  return new Date(day.getFullYear(), day.getMonth(), day.getDate() + 1, 9);
}

/** A moment as a `datetime-local` field wants it: the reader's zone, minutes. */
export function toField(time: Date): string {
  const two = (n: number) => String(n).padStart(2, '0');
  return `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())}T${two(time.getHours())}:${two(time.getMinutes())}`;
}

/** The field's value as UTC; null while it is not a time. */
export function fromField(value: string): string | null {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(value)) return null;
  const time = new Date(value);
  return Number.isNaN(time.getTime()) ? null : time.toISOString();
}
