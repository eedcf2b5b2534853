/** Tickets and task sheets (docs/protocol.md, section 5). */

import type { Coded, Iso } from './wire';

export type TicketState = 'open' | 'handed_over' | 'in_progress' | 'solved' | 'closed';

export interface TicketBrief {
  readonly id: string;
  readonly number: string;
  readonly title: string;
  readonly state: TicketState;
  readonly due_at: Iso | null;
}

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
  /** Becomes a line of the note, signed by the server. */
  readonly add_note?: string;
  readonly due_at?: Iso | null;
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

export interface TaskSheetBody {
  readonly call: string | null;
  readonly owner: string | null;
  readonly equipment: string;
  readonly symptom: string;
  readonly since_when: string;
  readonly note: string;
  readonly number: string;
}
