/** A step of a ticket's history in words: a key of the `tickets` namespace and its parameters. */
import type { TicketEvent } from '@/api/tickets';

export interface Step {
  readonly key: string;
  readonly params: Record<string, string>;
}

export interface Words {
  role(code: string): string;
  agent(id: string): string;
  state(code: string): string;
  field(name: string): string;
  outcome(code: string): string;
}

const text = (event: TicketEvent, name: string): string => {
  const value = event.params[name];
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
};

type Make = (event: TicketEvent, words: Words) => Record<string, string>;

const handedTo: Make = (event, words) => {
  const agent = text(event, 'to_agent');
  return { role: words.role(text(event, 'to_role')), agent: agent === '' ? '' : ` · ${words.agent(agent)}` };
};

const PARAMS: Readonly<Record<string, Make>> = {
  created: () => ({}),
  handed_over: handedTo,
  taken: (event, words) => ({ agent: words.agent(text(event, 'agent')) || event.actor_name || '' }),
  state_changed: (event, words) => ({ from: words.state(text(event, 'before')), to: words.state(text(event, 'after')) }),
  changed: (event, words) => ({ fields: words.field(text(event, 'field')) }),
  note: () => ({}),
  resolved: (event, words) => ({ outcome: words.outcome(text(event, 'outcome')) }),
};

/** Codes nobody has words for show themselves. */
export function stepOf(event: TicketEvent, words: Words): Step {
  const make = PARAMS[event.code];
  return make === undefined ? { key: 'history.unknown', params: { code: event.code } } : { key: `history.${event.code}`, params: make(event, words) };
}
