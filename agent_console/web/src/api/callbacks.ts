/** Agreed callbacks (docs/protocol.md, section 5). */

import type { Iso } from './wire';

export interface CallbackBrief {
  readonly id: string;
  readonly due_at: Iso;
  readonly note: string | null;
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
