/** Rows of the live tables. Their order never depends on state: nothing moves under the pointer. */
import { THRESHOLDS } from './figures';

export const STATES = ['ON_CALL', 'READY', 'RESERVED', 'RINGING', 'CONSULTING', 'WRAP_UP', 'AUX', 'LOST', 'LOGGED_OUT'] as const;
export type State = (typeof STATES)[number];

interface Numbered {
  readonly id: string;
  readonly number: string;
}

/** By extension, as numbers where they are numbers. */
export function byNumber<T extends Numbered>(agents: readonly T[]): T[] {
  return [...agents].sort((a, b) => a.number.localeCompare(b.number, 'en', { numeric: true }) || a.id.localeCompare(b.id));
}

/** Fill columns from top to bottom, all but the last equally long. */
export function columns<T>(rows: readonly T[], count: number): T[][] {
  const per = Math.ceil(rows.length / Math.max(1, count));
  if (per === 0) return [];
  return Array.from({ length: Math.ceil(rows.length / per) }, (_, i) => rows.slice(i * per, (i + 1) * per));
}

/** How many agents stand in each state. */
export function countByState(agents: readonly { readonly state: string }[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { state } of agents) counts.set(state, (counts.get(state) ?? 0) + 1);
  return counts;
}

const LIMITS: Partial<Record<string, number>> = {
  ON_CALL: THRESHOLDS.talk_s.late,
  AUX: THRESHOLDS.aux_s.late,
  WRAP_UP: THRESHOLDS.wrap_up_s.late,
};

/** Has this agent been in the state longer than is usual? */
export function isOver(state: string, seconds: number): boolean {
  const limit = LIMITS[state];
  return limit !== undefined && seconds > limit;
}

interface Queued {
  readonly id: string;
  readonly state: string;
  readonly queued_at: string | null;
}

const WAITS = new Set(['waiting', 'offered', 'ringing', 'lost_agent']);

/** Calls without an agent, first come first; a newcomer is therefore always the last row. */
export function waitingCalls<T extends Queued>(calls: readonly T[]): T[] {
  return calls
    .filter((call) => WAITS.has(call.state) && call.queued_at !== null)
    .sort((a, b) => (a.queued_at ?? '').localeCompare(b.queued_at ?? '') || a.id.localeCompare(b.id));
}

/** "+86 138 0000 0101" → "0101": shared views show four digits. */
export function masked(number: string): string {
  const digits = number.replace(/\D/g, '');
  return digits === '' ? '' : digits.slice(-4);
}
