/** To whom a call can go: engineers and agents with their presence, queues with their wait, an outside number. Pure. */
import type { Agent } from '@/api/agents';
import type { Target } from '@/api/commands';
import type { QueueFigures } from '@/api/house';

export type Scope = 'all' | 'hotline' | 'agents' | 'queues' | 'phone';

export type TransferTarget =
  | { readonly key: string; readonly kind: 'any_engineer'; readonly ready: number }
  | { readonly key: string; readonly kind: 'agent'; readonly agent: Agent }
  | { readonly key: string; readonly kind: 'queue'; readonly queue: QueueFigures }
  | { readonly key: string; readonly kind: 'number'; readonly number: string };

export interface Directory {
  readonly me: string | null;
  readonly agents: readonly Agent[];
  readonly queues: readonly QueueFigures[];
}

const ROLE_ORDER: Readonly<Partial<Record<Agent['role'], number>>> = { hotline_engineer: 0, agent: 1 };
const STATE_ORDER: Readonly<Partial<Record<Agent['state'], number>>> = { READY: 0, WRAP_UP: 1, ON_CALL: 2, CONSULTING: 2, RINGING: 2, RESERVED: 2, AUX: 3 };

/** Engineers first, those who are free first, then by number: as it is when the list is first shown (`inPlace`). */
function byUse(a: Agent, b: Agent): number {
  return (ROLE_ORDER[a.role] ?? 9) - (ROLE_ORDER[b.role] ?? 9) || (STATE_ORDER[a.state] ?? 9) - (STATE_ORDER[b.state] ?? 9) || a.number.localeCompare(b.number, 'en', { numeric: true });
}

const says = (text: string, ...fields: readonly string[]): boolean => text === '' || fields.some((field) => field.toLowerCase().includes(text));

const people = ({ me, agents }: Directory, scope: Scope, text: string): TransferTarget[] =>
  agents
    .filter((agent) => agent.id !== me && agent.state !== 'LOGGED_OUT' && (agent.role === 'agent' || agent.role === 'hotline_engineer'))
    .filter((agent) => scope === 'all' || (scope === 'hotline') === (agent.role === 'hotline_engineer'))
    .filter((agent) => says(text, agent.name, agent.number, ...Object.keys(agent.skills)))
    .sort(byUse)
    .map((agent) => ({ key: agent.id, kind: 'agent', agent }));

const queues = ({ queues: all }: Directory, text: string): TransferTarget[] =>
  all.filter((queue) => says(text, queue.name_zh, queue.name_en, queue.id)).map((queue) => ({ key: `queue-${queue.id}`, kind: 'queue', queue }));

const outside = (text: string): TransferTarget[] => {
  const number = text.replace(/[\s()-]/g, '');
  return /^\+?\d{5,20}$/.test(number) ? [{ key: 'number', kind: 'number', number }] : [];
};

export function targets(directory: Directory, scope: Scope, typed: string): TransferTarget[] {
  const text = typed.trim().toLowerCase();
  const ready = directory.agents.filter((agent) => agent.role === 'hotline_engineer' && agent.state === 'READY').length;
  const anyone: TransferTarget[] = text === '' && (scope === 'all' || scope === 'hotline') ? [{ key: 'any', kind: 'any_engineer', ready }] : [];
  return [
    ...anyone,
    ...(scope === 'queues' || scope === 'phone' ? [] : people(directory, scope, text)),
    ...(scope === 'all' || scope === 'queues' ? queues(directory, text) : []),
    ...(scope === 'all' || scope === 'phone' ? outside(text) : []),
  ];
}

/** Why it cannot be asked, or null. Shown with the target instead of hiding it. */
export function consultRefused(target: TransferTarget): 'busy' | 'not_a_person' | 'nobody' | null {
  if (target.kind === 'any_engineer') return target.ready > 0 ? null : 'nobody';
  if (target.kind !== 'agent') return 'not_a_person';
  return target.agent.state === 'READY' ? null : 'busy';
}

export function blindTarget(target: TransferTarget): Target | null {
  switch (target.kind) {
    case 'agent':
      return target.agent.state === 'READY' ? { kind: 'agent', id: target.agent.id } : null;
    case 'queue':
      return { kind: 'queue', id: target.queue.id };
    case 'number':
      return { kind: 'number', id: target.number };
    case 'any_engineer':
      return null;
  }
}

/** A row as it is now: presence changes in it; whoever logged out stays, and is refused. */
function asItIs(row: TransferTarget, fresh: ReadonlyMap<string, TransferTarget>, agents: readonly Agent[]): TransferTarget {
  const now = fresh.get(row.key);
  if (now !== undefined || row.kind !== 'agent') return now ?? row;
  return { ...row, agent: agents.find((agent) => agent.id === row.agent.id) ?? { ...row.agent, state: 'LOGGED_OUT' } };
}

/** The rows that are shown keep their places, with what is known of them now; whoever came meanwhile joins at the end. */
export function inPlace(shown: readonly TransferTarget[], now: readonly TransferTarget[], agents: readonly Agent[]): TransferTarget[] {
  const fresh = new Map(now.map((row) => [row.key, row]));
  const known = new Set(shown.map((row) => row.key));
  return [...shown.map((row) => asItIs(row, fresh, agents)), ...now.filter((row) => !known.has(row.key))];
}

/** Why it cannot be taken over without asking, or null. */
export function blindRefused(target: TransferTarget): 'busy' | 'choose' | null {
  if (blindTarget(target) !== null) return null;
  return target.kind === 'agent' ? 'busy' : 'choose';
}
