/** Each kind of fact in words: an icon, a sentence, details. A table; a kind it does not know is shown by its code. */
import type { CallFact } from '@/api/records';
import type { IconName } from '@/ui';

/** A text to be made in the reader's language: a key of the `calls` namespace and its parameters. */
export interface Words {
  readonly key: string;
  readonly params: Record<string, string>;
}

export interface FactWords extends Words {
  readonly icon: IconName;
  /** Turning points of the call stand out. */
  readonly strong: boolean;
  readonly details: readonly Words[];
}

/** How ids become names: the page knows agents and queues, this file does not. */
export interface Names {
  agent(id: string): string;
  queue(id: string): string;
  /** A coded word such as an end reason; falls back to the code. */
  word(group: string, code: string): string;
  duration(seconds: number): string;
  phone(e164: string): string;
}

const text = (fact: CallFact, key: string): string => {
  const value = fact[key];
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
};

/** Skills with their levels; a skill is named as its queue is. */
const skills = (fact: CallFact, names: Names): string[] => {
  const value = fact.skills;
  if (Array.isArray(value)) return value.map((skill) => names.queue(String(skill)));
  return typeof value === 'object' && value !== null ? Object.entries(value).map(([skill, level]) => `${names.queue(skill)} ${String(level)}`) : [];
};

type Detail = (fact: CallFact, names: Names) => Words | null;

/** A detail that appears only when the fact carries the value. */
const given = (field: string, make: (value: string, names: Names) => Words): Detail => (fact, names) => {
  const value = text(fact, field);
  return value === '' ? null : make(value, names);
};

const why = (group: string): Detail => given('why', (code, names) => ({ key: 'detail.why', params: { why: names.word(group, code) } }));

const cause: Detail = given('cause', (code, names) => ({ key: 'detail.cause', params: { cause: code, text: names.word('cause', code) } }));

interface Entry {
  readonly icon: IconName;
  readonly strong?: boolean;
  readonly key?: string | ((fact: CallFact) => string);
  readonly details?: readonly Detail[];
}

const ENTRIES: Partial<Record<string, Entry>> = {
  'call.arrived': {
    icon: 'phone-in',
    strong: true,
    details: [
      (fact, names): Words => (text(fact, 'ani') ? { key: 'detail.normalised', params: { number: names.phone(text(fact, 'ani')) } } : { key: 'detail.anonymous', params: {} }),
      given('dnis', (dnis) => ({ key: 'detail.dnis', params: { dnis } })),
    ],
  },
  'call.dialled': { icon: 'phone-out', strong: true },
  'ivr.step': { icon: 'keypad', details: [given('outcome', (code, names) => ({ key: 'detail.outcome', params: { outcome: names.word('outcome', code) } }))] },
  'call.queued': {
    icon: 'list',
    strong: true,
    details: [
      (fact, names) => (skills(fact, names).length > 0 ? { key: 'detail.needs', params: { skills: skills(fact, names).join(', ') } } : null),
      given('language', (code, names) => ({ key: 'detail.language', params: { language: names.word('language', code) } })),
      given('priority', (priority): Words => (priority === '0' ? { key: '', params: {} } : { key: 'detail.priority', params: { priority } })),
    ],
  },
  'call.holding': { icon: 'volume', details: [why('holding')] },
  'offer.made': { icon: 'headset', strong: true },
  'offer.acknowledged': { icon: 'user' },
  'offer.withdrawn': { icon: 'x', details: [why('withdrawn')] },
  'ring.requested': { icon: 'bell' },
  'ring.started': { icon: 'bell' },
  'ring.ended': { icon: 'bell', details: [given('status', (code, names) => ({ key: 'detail.status', params: { status: names.word('status', code) } })), cause] },
  'call.answered': { icon: 'phone', strong: true, key: (fact) => (text(fact, 'agent') ? 'fact.call_answered' : 'fact.call_answered_out') },
  'call.agent_left': { icon: 'user', details: [why('left')] },
  'call.reattached': { icon: 'phone', strong: true },
  'call.held': { icon: 'pause' },
  'call.resumed': { icon: 'phone' },
  'consult.started': { icon: 'pause' },
  'consult.answered': { icon: 'users' },
  'consult.joined': { icon: 'swap' },
  'consult.completed': { icon: 'transfer', strong: true },
  'consult.cancelled': { icon: 'x', details: [given('why', (code) => ({ key: 'detail.why', params: { why: code } }))] },
  'call.transferred': { icon: 'transfer', strong: true },
  'call.hangup_requested': { icon: 'phone-off' },
  'call.fallback': { icon: 'alert', strong: true, details: [given('why', (code) => ({ key: 'detail.why', params: { why: code } }))] },
  'call.ended': {
    icon: 'phone-off',
    strong: true,
    key: (fact) => (text(fact, 'by') === 'system' ? 'fact.call_ended_system' : 'fact.call_ended'),
    details: [cause, given('reason', (code) => ({ key: 'detail.why', params: { why: code } }))],
  },
  'recording.started': { icon: 'rec' },
  'recording.stalled': { icon: 'alert', strong: true },
  'recording.paused': { icon: 'pause' },
  'recording.resumed': { icon: 'rec' },
  'recording.finished': {
    icon: 'rec',
    details: [
      given('seconds', (seconds, names) => ({ key: 'detail.duration', params: { time: names.duration(Number(seconds)) } })),
      given('status', (code, names) => ({ key: 'detail.status', params: { status: names.word('recording', code) } })),
    ],
  },
  'call.owner': { icon: 'user', details: [given('by', (by) => ({ key: by === 'ani' ? 'detail.by_ani' : 'detail.by_agent', params: {} }))] },
  'call.ticket': { icon: 'ticket' },
  'call.disposed': { icon: 'pencil', strong: true },
  'call.rebuilt': { icon: 'file', details: [given('from', (source) => ({ key: 'detail.from_source', params: { source } }))] },
  'agent.state': { icon: 'user' },
  'agent.next': { icon: 'user' },
  'agent.wrap_up': { icon: 'pencil' },
  'agent.endpoint': { icon: 'phone' },
  'switch.up': { icon: 'check' },
  'switch.lost': { icon: 'alert' },
};

/** Parameters every sentence may use, made from whatever the fact carries. */
function params(fact: CallFact, names: Names): Record<string, string> {
  const agent = text(fact, 'agent');
  const engineer = text(fact, 'engineer');
  const by = text(fact, 'by');
  return {
    kind: fact.kind,
    agent: agent && names.agent(agent),
    engineer: engineer && names.agent(engineer),
    queue: names.queue(text(fact, 'queue')),
    trunk: text(fact, 'trunk') || '–',
    number: names.phone(text(fact, 'number')) || '–',
    node: text(fact, 'node') || '–',
    from: text(fact, 'from'),
    to: target(fact, names),
    by: by && names.word('ended_by', by),
    disposition: names.word('disposition', text(fact, 'disposition')),
  };
}

function target(fact: CallFact, names: Names): string {
  const to = text(fact, 'to');
  const kind = text(fact, 'to_kind');
  if (kind === 'queue') return names.queue(to);
  return kind === 'agent' ? names.agent(to) : to;
}

/** One fact in words. */
export function factWords(fact: CallFact, names: Names): FactWords {
  const entry = ENTRIES[fact.kind];
  if (entry === undefined) return { icon: 'tag', key: 'fact.unknown', params: { kind: fact.kind }, strong: false, details: [] };
  const key = typeof entry.key === 'function' ? entry.key(fact) : (entry.key ?? `fact.${fact.kind.replace('.', '_')}`);
  const details = (entry.details ?? []).map((make) => make(fact, names)).filter((d): d is Words => d !== null && d.key !== '');
  return { icon: entry.icon, key, params: params(fact, names), strong: entry.strong ?? false, details };
}

/** Every kind this file has words for; a test holds it against the core's list. */
export const KNOWN_KINDS: readonly string[] = Object.keys(ENTRIES);

/** Why this agent: the reasons of an offer, in words. */
export function reasonWords(reasons: unknown, names: Pick<Names, 'duration' | 'queue'>): Words[] {
  if (!Array.isArray(reasons)) return [];
  return reasons.flatMap((reason: unknown) => {
    if (typeof reason !== 'object' || reason === null) return [];
    const { code, params: given } = reason as { code?: unknown; params?: Record<string, unknown> };
    if (typeof code !== 'string') return [];
    const words: Record<string, string> = {};
    for (const [key, value] of Object.entries(given ?? {})) words[key] = String(value);
    if (words['seconds'] !== undefined) words['time'] = names.duration(Number(words['seconds']));
    if (words['skill'] !== undefined) words['skill'] = names.queue(words['skill']);
    return [{ key: `reason.${code}`, params: { ...words, code } }];
  });
}
