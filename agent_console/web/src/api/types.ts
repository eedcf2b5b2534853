/** The shapes of docs/protocol.md, sections 2, 3 and 5. Times are ISO 8601 UTC; the page formats them. */

export const AGENT_STATES = ['READY', 'AUX', 'RESERVED', 'RINGING', 'ON_CALL', 'CONSULTING', 'WRAP_UP', 'LOST', 'LOGGED_OUT'] as const;
export type AgentState = (typeof AGENT_STATES)[number];
export type Role = 'agent' | 'hotline_engineer' | 'coordinator' | 'field_engineer' | 'supervisor' | 'admin';
export type Language = 'zh' | 'en';
export type Direction = 'in' | 'out';
export type Iso = string;

export interface Coded {
  readonly code: string;
  readonly params: Readonly<Record<string, string | number | readonly string[]>>;
}

export interface NextStatus {
  readonly state: 'READY' | 'AUX';
  readonly reason: string | null;
}

export interface Agent {
  readonly id: string;
  readonly user: string;
  readonly name: string;
  readonly number: string;
  readonly role: Role;
  readonly team: string | null;
  readonly state: AgentState;
  readonly reason: string | null;
  readonly since: Iso;
  readonly call: string | null;
  readonly next: NextStatus | null;
  readonly wrap_up_until: Iso | null;
  readonly registered: boolean;
  readonly page: boolean;
  readonly skills: Readonly<Record<string, number>>;
}

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

export interface TicketBrief {
  readonly id: string;
  readonly number: string;
  readonly title: string;
  readonly state: TicketState;
  readonly due_at: Iso | null;
}

export interface LastCall {
  readonly id: string;
  readonly at: Iso;
  readonly direction: Direction;
  readonly disposition: string | null;
  readonly agent: string | null;
}

export interface CallbackBrief {
  readonly id: string;
  readonly due_at: Iso;
  readonly note: string | null;
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

export interface User {
  readonly id: string;
  readonly login: string;
  readonly name: string;
  readonly role: Role;
  readonly team: string | null;
  readonly language: Language;
}

export interface Session {
  readonly user: User;
  readonly agent: { readonly id: string; readonly number: string } | null;
  readonly csrf: string;
  readonly demo: boolean;
}

export interface Softphone {
  readonly endpoint: string;
  readonly secret: string;
  readonly uri: string;
}

/** Queues, AUX reasons and dispositions: an id and its name in both languages. `chosen` false: set by the system only. */
export interface Named {
  readonly id: string;
  readonly chosen?: boolean;
  readonly name_zh: string;
  readonly name_en: string;
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

export type TicketState = 'open' | 'handed_over' | 'in_progress' | 'solved' | 'closed';

export interface TicketEvent extends Coded {
  readonly at: Iso;
  readonly actor: string;
  readonly actor_name?: string;
}

export interface Ticket extends TicketBrief {
  readonly kind: 'request' | 'task_sheet';
  readonly owner: string | null;
  readonly owner_name: string | null;
  readonly property: string | null;
  readonly address?: string;
  readonly equipment: string | null;
  readonly symptom: string | null;
  readonly since_when: string | null;
  readonly service_mode: string | null;
  /** 1 low … 4 urgent; 2 is normal. */
  readonly priority: number | null;
  readonly note: string | null;
  readonly holder_role: string | null;
  readonly holder_agent: string | null;
  readonly phone: string | null;
  readonly created_at: Iso;
  readonly created_by: string;
  readonly call: string | null;
  readonly history: readonly TicketEvent[];
  readonly version: number;
}

export interface TicketPatch {
  readonly version: number;
  readonly state?: TicketState;
  readonly holder_role?: string;
  readonly holder_agent?: string | null;
  readonly priority?: number;
  readonly service_mode?: string;
  readonly note?: string;
  readonly due_at?: Iso | null;
}

export interface TaskSheetBody {
  readonly call: string | null;
  readonly owner: string | null;
  readonly equipment: string;
  readonly symptom: string;
  readonly since_when: string;
  readonly note: string;
  readonly number: string;
}

export interface Callback {
  readonly id: string;
  readonly owner: string | null;
  readonly owner_name: string | null;
  readonly number: string;
  readonly due_at: Iso;
  readonly note: string | null;
  readonly agent: string | null;
  readonly state: 'open' | 'done' | 'cancelled';
  readonly ticket: string | null;
  readonly call: string | null;
}

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

export interface CallRecord {
  readonly id: string;
  readonly direction: Direction;
  readonly from: string;
  readonly from_name: string;
  readonly to: string;
  readonly queue: string | null;
  readonly agent: string | null;
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
}

export interface NewTicket {
  readonly title: string;
  readonly owner?: string;
  readonly property?: string;
  readonly equipment?: string;
  readonly symptom?: string;
  readonly since_when?: string;
  readonly service_mode?: string;
  readonly priority?: number;
  readonly note?: string;
  readonly holder_role?: string;
  readonly due_at?: Iso;
}

export interface WrapUpBody {
  readonly disposition: string;
  readonly note: string;
  readonly ticket?: { readonly id: string } | NewTicket;
  readonly callback?: { readonly due_at: Iso; readonly note: string };
}

export interface WrapUpDone {
  readonly ticket: string | null;
  readonly callback: string | null;
  /** The core has ended the wrap-up; false: it is away or had ended it already. The rows are written either way. */
  readonly finished: boolean;
}

/** Each part passed or failed; what else was measured is kept beside it for support. */
export interface CheckResult {
  readonly microphone: boolean;
  readonly speaker: boolean | null;
  readonly ringer: boolean | null;
  readonly autoplay: boolean;
  readonly sip: boolean;
  readonly rtt_ms: number | null;
  readonly [detail: string]: string | number | boolean | null;
}

export interface Page<T> {
  readonly items: readonly T[];
  readonly next: string | null;
}

export type Target =
  | { readonly kind: 'queue' | 'agent' | 'number'; readonly id: string }
  | { readonly kind: 'any_engineer' };

/** Every command a page may send, with its arguments (section 2). */
export interface Commands {
  'agent.login': Record<string, never>;
  'agent.logout': Record<string, never>;
  'agent.state': { state: 'READY' | 'AUX'; reason?: string };
  'softphone.registered': { endpoint: string };
  'call.hold': { call: string };
  'call.resume': { call: string };
  'call.hangup': { call: string };
  'call.blind': { call: string; target: Target };
  'consult.start': { call: string; target: Target };
  'consult.complete': { call: string };
  'consult.cancel': { call: string };
  'consult.three_way': { call: string };
  'call.dial': { number: string; owner?: string; ticket?: string; callback?: string };
  'call.owner': { call: string; owner: string };
  'call.ticket': { call: string; ticket: string };
  'wrapup.extend': { call: string; seconds: number };
  'record.pause': { call: string };
  'record.resume': { call: string };
}
export type CommandName = keyof Commands;
