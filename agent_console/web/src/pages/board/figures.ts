/** Figures of queues. Totals are made of sums and counts, never of averages of averages. */

import type { QueueFigures } from '@/api/house';

export type QueueSums = Pick<
  QueueFigures,
  'waiting' | 'longest_since' | 'offered' | 'answered' | 'abandoned' | 'short_abandoned' | 'flow_out' | 'within' | 'sum_wait_s'
>;

export interface Figures {
  readonly waiting: number;
  readonly longest_since: string | null;
  readonly service_level: number | null;
  readonly abandon_rate: number | null;
  readonly asa_s: number | null;
  readonly offered: number;
  readonly answered: number;
}

export type Level = '' | 'soon' | 'late';

const ratio = (part: number, whole: number): number | null => (whole > 0 ? part / whole : null);

/** Answered within T ÷ (answered + abandoned − short abandons). */
export function serviceLevel(q: QueueSums): number | null {
  return ratio(q.within, q.answered + q.abandoned - q.short_abandoned);
}

/** One row of figures, from one queue or from the sum of several. */
export function figures(q: QueueSums): Figures {
  return {
    waiting: q.waiting,
    longest_since: q.longest_since,
    service_level: serviceLevel(q),
    abandon_rate: ratio(q.abandoned, q.offered),
    asa_s: ratio(q.sum_wait_s, q.answered),
    offered: q.offered,
    answered: q.answered,
  };
}

const earlier = (a: string | null, b: string | null): string | null => (a === null ? b : b === null ? a : a < b ? a : b);

/** All queues as one: sums of sums, and the longest wait of all. */
export function sum(queues: readonly QueueSums[]): QueueSums {
  const zero: QueueSums = {
    waiting: 0, longest_since: null, offered: 0, answered: 0, abandoned: 0, short_abandoned: 0, flow_out: 0, within: 0, sum_wait_s: 0,
  };
  return queues.reduce<QueueSums>(
    (a, q) => ({
      waiting: a.waiting + q.waiting,
      longest_since: earlier(a.longest_since, q.longest_since),
      offered: a.offered + q.offered,
      answered: a.answered + q.answered,
      abandoned: a.abandoned + q.abandoned,
      short_abandoned: a.short_abandoned + q.short_abandoned,
      flow_out: a.flow_out + q.flow_out,
      within: a.within + q.within,
      sum_wait_s: a.sum_wait_s + q.sum_wait_s,
    }),
    zero,
  );
}

/** "86 %" or, where one place matters, "3.1 %"; a dash when there was nothing to count. */
export function percent(value: number | null, places = 0): string {
  return value === null ? '–' : `${(value * 100).toFixed(places)} %`;
}

/** Where a figure turns amber and red. One table: the tooltips name the same values. */
export const THRESHOLDS = {
  wait_s: { soon: 45, late: 90 },
  waiting: { soon: 4, late: 8 },
  service_level: { soon: 0.8, late: 0.75 },
  abandon_rate: { soon: 0.05, late: 0.06 },
  talk_s: { late: 480 },
  aux_s: { late: 1200 },
  wrap_up_s: { late: 120 },
  /** Rates of fewer calls than this are shown and not judged. */
  least_calls: 5,
} as const;

const above = (value: number, t: { soon: number; late: number }): Level =>
  value >= t.late ? 'late' : value >= t.soon ? 'soon' : '';

/** Seconds of the longest wait. */
export const waitLevel = (seconds: number): Level => above(seconds, THRESHOLDS.wait_s);

/** Calls waiting; red at once when nobody is logged in to take them. */
export function waitingLevel(waiting: number, loggedIn: number): Level {
  return waiting > 0 && loggedIn === 0 ? 'late' : above(waiting, THRESHOLDS.waiting);
}

/** The service level of enough calls to mean something. */
export function serviceLevelLevel(value: number | null, calls: number): Level {
  if (value === null || calls < THRESHOLDS.least_calls) return '';
  const t = THRESHOLDS.service_level;
  return value < t.late ? 'late' : value < t.soon ? 'soon' : '';
}

/** The abandon rate of enough calls to mean something. */
export function abandonLevel(value: number | null, calls: number): Level {
  return value === null || calls < THRESHOLDS.least_calls ? '' : above(value, THRESHOLDS.abandon_rate);
}

/** The worst of several levels: the edge of a wallboard row. */
export function worst(levels: readonly Level[]): Level {
  return levels.includes('late') ? 'late' : levels.includes('soon') ? 'soon' : '';
}
