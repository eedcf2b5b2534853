/** Agents as the core tells them (docs/protocol.md, section 2). */

import type { Role } from './session';
import type { Iso } from './wire';

export const AGENT_STATES = ['READY', 'AUX', 'RESERVED', 'RINGING', 'ON_CALL', 'CONSULTING', 'WRAP_UP', 'LOST', 'LOGGED_OUT'] as const;
export type AgentState = (typeof AGENT_STATES)[number];

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
