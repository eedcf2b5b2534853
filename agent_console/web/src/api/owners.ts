/** Owners and whom a caller may be (docs/protocol.md, sections 3 and 5). */

import type { CallbackBrief } from './callbacks';
import type { TicketBrief } from './tickets';
import type { Coded, Direction, Iso } from './wire';

export interface Property {
  readonly id: string;
  readonly address: string;
  readonly relation: string;
  readonly since?: Iso | null;
}

export interface Equipment {
  readonly id: string;
  readonly name: string;
  readonly model: string | null;
  readonly property?: string | null;
  readonly warranty_until: string | null;
}

export interface LastCall {
  readonly id: string;
  readonly at: Iso;
  readonly direction: Direction;
  readonly disposition: string | null;
  readonly agent: string | null;
}

export interface Candidate {
  readonly owner: string;
  readonly name: string;
  readonly level: string | null;
  readonly reason: Coded;
  readonly properties: readonly Property[];
  readonly equipment: readonly Equipment[];
  readonly open_tickets: readonly TicketBrief[];
  readonly last_calls: readonly LastCall[];
  readonly callbacks: readonly CallbackBrief[];
}

export interface PhoneNumber {
  readonly id: string;
  readonly e164: string;
  readonly label: string | null;
  readonly primary?: boolean;
  /** How many other owners have the same number. */
  readonly shared_by?: number;
}

export interface OwnerRow {
  readonly id: string;
  readonly name: string;
  readonly level: string | null;
  /** E.164. */
  readonly phones: readonly string[];
  readonly address: string | null;
}

export interface Owner {
  readonly id: string;
  readonly name: string;
  readonly level: string | null;
  readonly district: string | null;
  readonly note: string | null;
  readonly phones: readonly PhoneNumber[];
  readonly properties: readonly Property[];
  readonly equipment: readonly Equipment[];
  readonly open_tickets: readonly TicketBrief[];
  readonly callbacks: readonly CallbackBrief[];
  /** Other owners with one of his numbers: family, tenant, caretaker. */
  readonly same_number?: readonly { readonly owner: string; readonly name: string; readonly address: string; readonly number: string }[];
  readonly version: number;
}

/** Whom a new entry may be; `reasons`: same_number, same_name, same_address. */
export interface PossibleDuplicate extends OwnerRow {
  readonly reasons: readonly string[];
}

export interface NewOwner {
  readonly name: string;
  readonly level?: string;
  readonly phones: readonly { readonly number: string; readonly label?: string }[];
  readonly address?: string;
  readonly note?: string;
}

/** One line of an owner's history; what else it carries depends on its kind. */
export interface Activity {
  readonly kind: 'call' | 'ticket' | 'callback';
  readonly at: Iso;
  readonly id: string;
  readonly direction?: Direction;
  readonly agent?: string | null;
  readonly disposition?: string | null;
  readonly queue?: string | null;
  readonly number?: string;
  readonly title?: string;
  readonly state?: string;
  readonly note?: string | null;
  readonly wait_s?: number | null;
  readonly talk_s?: number | null;
  readonly ended_by?: string | null;
}
