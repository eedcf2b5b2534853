/** My own figures of today, from my call records alone. Pure; definitions stand beside the figures. */
import type { CallRecord } from '@/api/records';

export interface DayFigures {
  readonly answered: number;
  readonly dialled: number;
  /** Seconds; null: no such call yet. */
  readonly talk: number | null;
  readonly hold: number | null;
}

const average = (values: readonly number[]): number | null => (values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length);

/** Of those that were his to the end: in a call that he gave away, or was consulted about, most of the time is a colleague's. */
export function dayFigures(listed: readonly CallRecord[], agent: string): DayFigures {
  const calls = listed.filter((call) => call.agent === agent || call.engineer === agent);
  const spoken = calls.filter((call) => call.answered_at !== null && call.talk_s > 0);
  return {
    answered: spoken.filter((call) => call.direction === 'in').length,
    dialled: calls.filter((call) => call.direction === 'out').length,
    talk: average(spoken.map((call) => call.talk_s)),
    hold: average(spoken.map((call) => call.hold_s)),
  };
}
