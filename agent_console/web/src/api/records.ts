/** Call records, their facts, and the wrap-up that ends one (docs/protocol.md, section 5). */

import type { NewTicket } from './tickets';
import type { Direction, Iso } from './wire';

export interface Leg {
  readonly leg: string;
  readonly role: string;
  readonly endpoint: string;
  readonly from: Iso;
  readonly to: Iso | null;
  readonly cause: string | null;
}

export interface CallFact {
  readonly at: Iso;
  readonly kind: string;
  readonly [field: string]: unknown;
}

/** What one of its agents said at the end of his time with a call. */
export interface WrapUpSaid {
  readonly agent: string;
  readonly at: Iso;
  readonly disposition: string;
  readonly note: string;
}

export interface CallRecord {
  readonly id: string;
  readonly direction: Direction;
  readonly from: string;
  readonly from_name: string;
  readonly to: string;
  readonly queue: string | null;
  readonly agent: string | null;
  /** He who took it over from the agent. */
  readonly engineer: string | null;
  readonly wait_s: number;
  readonly talk_s: number;
  readonly hold_s: number;
  readonly started_at: Iso;
  readonly answered_at: Iso | null;
  readonly ended_at: Iso | null;
  readonly ended_by: 'caller' | 'agent' | 'system' | null;
  readonly language: string | null;
  readonly disposition: string | null;
  readonly owner: string | null;
  readonly owner_name: string | null;
  readonly ticket: string | null;
  readonly sip_call_id: string;
  readonly rebuilt: boolean;
  readonly recording: { readonly seconds: number; readonly channels: number; readonly status?: string } | null;
  readonly legs?: readonly Leg[];
  readonly facts?: readonly CallFact[];
  readonly wrap_ups?: readonly WrapUpSaid[];
}

export interface WrapUpBody {
  readonly disposition: string;
  readonly note: string;
  /** Late only: in time the core hears of the owner from the page. */
  readonly owner?: string;
  readonly ticket?: { readonly id: string } | NewTicket;
  readonly callback?: { readonly due_at: Iso; readonly note: string; readonly number?: string };
}

export interface WrapUpDone {
  readonly ticket: string | null;
  readonly callback: string | null;
  /** The core has ended the wrap-up; false: it is away or had ended it already. The rows are written either way. */
  readonly finished: boolean;
}
