/** The core says "none" as an empty string in places; the page knows only null. Done once, at the door. */
import type { Agent } from '@/api/agents';
import type { Call } from '@/api/calls';
import type { Change, Incoming, Pop } from './messages';

const orNull = <T extends string>(value: T | null | undefined): T | null => (value === undefined || value === null || (value as string) === '' ? null : value);

const agent = (a: Agent): Agent => ({ ...a, reason: orNull(a.reason), call: orNull(a.call), team: orNull(a.team) });

const call = (c: Call): Call => ({
  ...c,
  queue: orNull(c.queue),
  language: orNull(c.language),
  agent: orNull(c.agent),
  engineer: orNull(c.engineer),
  owner: orNull(c.owner),
  ticket: orNull(c.ticket),
  callback: orNull(c.callback),
  room: orNull(c.room),
  ended_by: orNull(c.ended_by),
});

function change(one: Change): Change {
  if (one.value === null) return one;
  if (one.kind === 'agent') return { ...one, value: agent(one.value) };
  return one.kind === 'call' ? { ...one, value: call(one.value) } : one;
}

export const normalPop = (pop: Pop): Pop => ({ ...pop, call: call(pop.call) });

export function normal(message: Incoming): Incoming {
  switch (message.type) {
    case 'snapshot':
      return { ...message, entities: { ...message.entities, agent: message.entities.agent?.map(agent), call: message.entities.call?.map(call) } };
    case 'delta':
      return { ...message, changes: message.changes.map(change) };
    case 'pop':
      return { ...message, call: call(message.call) };
    default:
      return message;
  }
}
