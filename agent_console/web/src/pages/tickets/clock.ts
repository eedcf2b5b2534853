/** The clock of a ticket, task sheet or callback: ok, soon, late. */

export type ClockLevel = 'ok' | 'soon' | 'late';

export interface TicketClock {
  readonly level: ClockLevel;
  /** Seconds left, or seconds over when late; never negative. */
  readonly seconds: number;
}

/** Soon = a quarter of an hour before it is due, unless told otherwise (a task sheet lasts only that long). */
export function ticketClock(dueAt: string | null, now: number, soonSeconds = 900): TicketClock | null {
  if (!dueAt) return null;
  const left = Math.round((Date.parse(dueAt) - now) / 1000);
  if (!Number.isFinite(left)) return null;
  if (left < 0) return { level: 'late', seconds: -left };
  return { level: left <= soonSeconds ? 'soon' : 'ok', seconds: left };
}

/** How much of the clock is left, 0…1, for a bar; a late one is full, as it is red. */
export function share(clock: TicketClock, totalSeconds: number): number {
  if (clock.level === 'late') return 1;
  return Math.min(1, Math.max(0, clock.seconds / totalSeconds));
}

const CLOSED = new Set(['solved', 'closed']);

/** A finished ticket has no clock: nothing is late any more. */
export function clockOfTicket(ticket: { readonly state: string; readonly due_at: string | null }, now: number, soonSeconds?: number): TicketClock | null {
  return CLOSED.has(ticket.state) ? null : ticketClock(ticket.due_at, now, soonSeconds);
}
