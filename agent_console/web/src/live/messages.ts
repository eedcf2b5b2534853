/** What travels on the one WebSocket (docs/protocol.md, section 3), as discriminated unions. */
import type { Agent } from '@/api/agents';
import type { Callback } from '@/api/callbacks';
import type { Call } from '@/api/calls';
import type { QueueFigures, Switch } from '@/api/house';
import type { Candidate } from '@/api/owners';
import type { Coded, Iso } from '@/api/wire';

export interface Entities {
  readonly agent: Agent;
  readonly call: Call;
  readonly queue: QueueFigures;
  readonly switch: Switch;
}
export type Kind = keyof Entities;

export type Change = { [K in Kind]: { readonly kind: K; readonly id: string; readonly value: Entities[K] | null } }[Kind];

export interface Pop {
  readonly nonce: string;
  readonly offer: string;
  readonly call: Call;
  readonly candidates: readonly Candidate[];
  readonly reasons: readonly Coded[];
  readonly ring_seconds: number;
}

export type HintResource = 'tickets' | 'owners' | 'callbacks' | 'task-sheets';

export type Incoming =
  | { readonly type: 'snapshot'; readonly seq: number; readonly page: string; readonly core: boolean; readonly entities: { readonly [K in Kind]?: readonly Entities[K][] } }
  | { readonly type: 'delta'; readonly seq: number; readonly changes: readonly Change[] }
  | { readonly type: 'core'; readonly up: boolean; readonly since: Iso }
  | ({ readonly type: 'pop' } & Pop)
  | { readonly type: 'pop_end'; readonly offer: string; readonly why: string }
  | { readonly type: 'callback_due'; readonly callback: Callback }
  | { readonly type: 'hint'; readonly resource: HintResource; readonly id: string }
  | { readonly type: 'reply'; readonly id: string; readonly ok: boolean; readonly result?: unknown; readonly error?: unknown }
  | { readonly type: 'probe'; readonly nonce: string }
  | { readonly type: 'beat'; readonly at: Iso };

export type Outgoing =
  | { readonly type: 'ack'; readonly nonce: string }
  | { readonly type: 'beat'; readonly active?: true }
  | { readonly type: 'command'; readonly id: string; readonly name: string; readonly args: unknown };

/** A frame of the server, or null when it is none of ours: an unknown message must not stop the known ones. */
export function readMessage(frame: unknown): Incoming | null {
  if (typeof frame !== 'string') return null;
  try {
    const value: unknown = JSON.parse(frame);
    return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string' ? (value as Incoming) : null;
  } catch {
    return null;
  }
}
