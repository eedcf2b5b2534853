/** Queues with their figures, the switch, and what has a name in both languages (docs/protocol.md, sections 2 and 5). */

import type { Iso } from './wire';

export interface QueueFigures {
  readonly id: string;
  readonly name_zh: string;
  readonly name_en: string;
  readonly waiting: number;
  readonly longest_since: Iso | null;
  readonly offered: number;
  readonly answered: number;
  readonly abandoned: number;
  readonly short_abandoned: number;
  readonly flow_out: number;
  readonly within: number;
  readonly sum_wait_s: number;
  readonly service_level: number | null;
  readonly abandon_rate: number | null;
  readonly asa_s: number | null;
  readonly target_s: number;
  readonly ready: number;
  readonly logged_in: number;
}

export interface Switch {
  readonly id: string;
  readonly up: boolean;
  readonly since: Iso;
}

/** Queues, AUX reasons and dispositions: an id and its name in both languages. `chosen` false: set by the system only. */
export interface Named {
  readonly id: string;
  readonly chosen?: boolean;
  readonly name_zh: string;
  readonly name_en: string;
}
