/** The page's picture of the server: a pure function of (picture, message). A gap in the numbers asks for a new snapshot. */
import type { Callback } from '@/api/callbacks';
import type { Change, Entities, Incoming, Kind, Pop } from './messages';

export type Table<K extends Kind> = Readonly<Record<string, Entities[K]>>;

export interface Live {
  readonly seq: number;
  readonly page: string | null;
  readonly loaded: boolean;
  readonly core: { readonly up: boolean; readonly since: string | null };
  readonly agents: Table<'agent'>;
  readonly calls: Table<'call'>;
  readonly queues: Table<'queue'>;
  readonly switches: Table<'switch'>;
  readonly pop: Pop | null;
  readonly due: readonly Callback[];
  readonly gap: boolean;
}

export const EMPTY: Live = {
  seq: 0,
  page: null,
  loaded: false,
  core: { up: false, since: null },
  agents: {},
  calls: {},
  queues: {},
  switches: {},
  pop: null,
  due: [],
  gap: false,
};

const byId = <T extends { readonly id: string }>(rows: readonly T[] | undefined): Record<string, T> =>
  Object.fromEntries((rows ?? []).map((row) => [row.id, row]));

function put<T>(table: Readonly<Record<string, T>>, id: string, value: T | null): Readonly<Record<string, T>> {
  if (value !== null) return { ...table, [id]: value };
  const { [id]: _gone, ...rest } = table;
  return rest;
}

function apply(live: Live, change: Change): Live {
  switch (change.kind) {
    case 'agent':
      return { ...live, agents: put(live.agents, change.id, change.value) };
    case 'call':
      return { ...live, calls: put(live.calls, change.id, change.value), pop: popAfter(live.pop, change.id, change.value), due: dueAfter(live.due, change.value) };
    case 'queue':
      return { ...live, queues: put(live.queues, change.id, change.value) };
    case 'switch':
      return { ...live, switches: put(live.switches, change.id, change.value) };
    default:
      return live;
  }
}

/** A callback that is being made has done its calling, from wherever it was dialled. */
const dueAfter = (due: Live['due'], call: Entities['call'] | null): Live['due'] =>
  call?.callback && due.some((one) => one.id === call.callback) ? due.filter((one) => one.id !== call.callback) : due;

/** The pop stays with its call until the call is over: its candidates are needed while talking and in wrap-up. */
function popAfter(pop: Pop | null, id: string, call: Entities['call'] | null): Pop | null {
  if (pop?.call.id !== id) return pop;
  return call === null || call.state === 'ended' ? null : { ...pop, call };
}

function endPop(live: Live, offer: string, why: string): Live {
  return live.pop?.offer === offer && why !== 'answered' ? { ...live, pop: null } : live;
}

export function reduce(live: Live, message: Incoming): Live {
  switch (message.type) {
    case 'snapshot': {
      const calls = byId(message.entities.call);
      return {
        ...live,
        seq: message.seq,
        page: message.page,
        loaded: true,
        gap: false,
        core: { up: message.core, since: live.core.up === message.core ? live.core.since : null },
        agents: byId(message.entities.agent),
        calls,
        queues: byId(message.entities.queue),
        switches: byId(message.entities.switch),
        pop: live.pop && live.pop.call.id in calls ? live.pop : null,
      };
    }
    case 'delta':
      if (message.seq !== live.seq + 1) return { ...live, gap: true };
      return { ...message.changes.reduce(apply, live), seq: message.seq };
    case 'core':
      return { ...live, core: { up: message.up, since: message.since } };
    case 'pop':
      return { ...live, pop: message };
    case 'pop_end':
      return endPop(live, message.offer, message.why);
    case 'hint':
      // Somebody changed it: the server says it again if it is still open, due and mine.
      return message.resource === 'callbacks' ? { ...live, due: live.due.filter((known) => known.id !== message.id) } : live;
    case 'callback_due':
      if (Object.values(live.calls).some((call) => call.callback === message.callback.id && call.state !== 'ended')) return live;
      return { ...live, due: [...live.due.filter((known) => known.id !== message.callback.id), message.callback] };
    default:
      return live;
  }
}
