/** Live calls as the core tells them (docs/protocol.md, section 2). */

import type { Coded, Direction, Iso } from './wire';

export type CallState =
  | 'ivr' | 'waiting' | 'offered' | 'ringing' | 'talking' | 'held' | 'consulting' | 'conference'
  | 'lost_agent' | 'fallback' | 'dialling' | 'wrap_up' | 'ended';

export interface Consult {
  readonly engineer: string;
  readonly state: 'ringing' | 'talking' | 'three_way';
  readonly since: Iso;
}

export interface Call {
  readonly id: string;
  readonly direction: Direction;
  readonly state: CallState;
  readonly since: Iso;
  readonly started_at: Iso;
  readonly queued_at: Iso | null;
  readonly answered_at: Iso | null;
  readonly ended_at?: Iso | null;
  readonly queue: string | null;
  readonly language: string | null;
  readonly from: string;
  readonly from_raw: string;
  readonly from_name: string;
  readonly to: string;
  readonly agent: string | null;
  readonly engineer: string | null;
  readonly position: number | null;
  readonly priority: number;
  readonly recording: 'on' | 'paused' | 'failed' | 'off';
  readonly owner: string | null;
  readonly ticket: string | null;
  readonly callback: string | null;
  readonly reasons: readonly Coded[];
  readonly room: string | null;
  readonly consult: Consult | null;
  readonly hears: readonly (readonly [string, string])[];
  readonly ended_by: 'caller' | 'agent' | 'system' | null;
  readonly ring_until: Iso | null;
  readonly hold_for_agent_until: Iso | null;
}
