/** Swim lanes of one call: who was where, when. A pure fold of its facts; unknown facts change nothing. */

import type { CallFact } from '@/api/records';

export type SpanKind = 'menu' | 'wait' | 'ring' | 'talk' | 'hold' | 'consult' | 'three_way';

export interface Span {
  readonly kind: SpanKind;
  /** Seconds since the first fact. */
  readonly from: number;
  readonly to: number;
}

export interface Lane {
  readonly who: 'caller' | 'menu' | 'queue' | 'agent';
  /** The agent's id on an agent's lane; else empty. */
  readonly id: string;
  readonly spans: readonly Span[];
}

export interface Lanes {
  readonly seconds: number;
  readonly lanes: readonly Lane[];
}

type Row = { who: Lane['who']; id: string; spans: Span[]; open: { kind: SpanKind; from: number } | null };

class Chart {
  private readonly rows = new Map<string, Row>();

  /** From now on this lane shows `kind`; null = nothing. */
  set(who: Lane['who'], id: string, at: number, kind: SpanKind | null): void {
    const key = `${who}:${id}`;
    const row = this.rows.get(key) ?? { who, id, spans: [], open: null };
    this.rows.set(key, row);
    if (row.open?.kind === kind) return;
    if (row.open !== null && at > row.open.from) row.spans.push({ ...row.open, to: at });
    row.open = kind === null ? null : { kind, from: at };
  }

  endAgents(at: number): void {
    for (const row of this.rows.values()) if (row.who === 'agent') this.set('agent', row.id, at, null);
  }

  close(at: number): Lane[] {
    for (const row of this.rows.values()) this.set(row.who, row.id, at, null);
    const order = ['caller', 'menu', 'queue', 'agent'];
    return [...this.rows.values()]
      .filter((row) => row.spans.length > 0)
      .sort((a, b) => order.indexOf(a.who) - order.indexOf(b.who))
      .map(({ who, id, spans }) => ({ who, id, spans }));
  }
}

type Handler = (chart: Chart, fact: CallFact, at: number) => void;

const text = (fact: CallFact, key: string): string => (typeof fact[key] === 'string' ? fact[key] : '');

const talk: Handler = (chart, fact, at) => {
  chart.set('queue', '', at, null);
  chart.set('menu', '', at, null);
  chart.set('caller', '', at, 'talk');
  if (text(fact, 'agent')) chart.set('agent', text(fact, 'agent'), at, 'talk');
};

const leave: Handler = (chart, fact, at) => {
  if (text(fact, 'agent')) chart.set('agent', text(fact, 'agent'), at, null);
  chart.set('caller', '', at, 'hold');
};

/** One table, no branches: what each kind of fact draws. */
const DRAW: Partial<Record<string, Handler>> = {
  'call.arrived': (chart, _, at) => {
    chart.set('caller', '', at, 'menu');
    chart.set('menu', '', at, 'menu');
  },
  'call.dialled': (chart, fact, at) => {
    chart.set('caller', '', at, 'ring');
    if (text(fact, 'agent')) chart.set('agent', text(fact, 'agent'), at, 'ring');
  },
  'call.queued': (chart, _, at) => {
    chart.set('menu', '', at, null);
    chart.set('queue', '', at, 'wait');
    chart.set('caller', '', at, 'wait');
    chart.endAgents(at);
  },
  'ring.requested': (chart, fact, at) => chart.set('agent', text(fact, 'agent'), at, 'ring'),
  'ring.started': (chart, fact, at) => chart.set('agent', text(fact, 'agent'), at, 'ring'),
  'ring.ended': (chart, fact, at) => {
    if (text(fact, 'status') !== 'ANSWER') chart.set('agent', text(fact, 'agent'), at, null);
  },
  'call.answered': talk,
  'call.reattached': talk,
  'call.resumed': talk,
  'call.held': (chart, fact, at) => {
    chart.set('caller', '', at, 'hold');
    if (text(fact, 'agent')) chart.set('agent', text(fact, 'agent'), at, 'hold');
  },
  'consult.started': (chart, fact, at) => {
    chart.set('caller', '', at, 'hold');
    if (text(fact, 'agent')) chart.set('agent', text(fact, 'agent'), at, 'consult');
    if (text(fact, 'engineer')) chart.set('agent', text(fact, 'engineer'), at, 'ring');
  },
  'consult.answered': (chart, fact, at) => chart.set('agent', text(fact, 'engineer'), at, 'consult'),
  'consult.joined': (chart, fact, at) => {
    chart.set('caller', '', at, 'three_way');
    for (const key of ['agent', 'engineer']) if (text(fact, key)) chart.set('agent', text(fact, key), at, 'three_way');
  },
  'consult.completed': (chart, fact, at) => {
    chart.set('caller', '', at, 'talk');
    if (text(fact, 'agent')) chart.set('agent', text(fact, 'agent'), at, null);
    if (text(fact, 'engineer')) chart.set('agent', text(fact, 'engineer'), at, 'talk');
  },
  'consult.cancelled': (chart, fact, at) => {
    if (text(fact, 'engineer')) chart.set('agent', text(fact, 'engineer'), at, null);
    talk(chart, fact, at);
  },
  'call.agent_left': leave,
  'call.transferred': leave,
  'call.fallback': (chart, _, at) => {
    chart.set('menu', '', at, null);
    chart.set('caller', '', at, 'wait');
    chart.set('queue', '', at, 'wait');
  },
  'call.ended': (chart, _, at) => {
    chart.set('caller', '', at, null);
    chart.set('queue', '', at, null);
    chart.set('menu', '', at, null);
    chart.endAgents(at);
  },
};

/** All lanes on one time axis that starts at the first fact. */
export function lanesOf(facts: readonly CallFact[]): Lanes {
  const times = facts.map((fact) => Date.parse(fact.at) / 1000).filter(Number.isFinite);
  const start = Math.min(...times);
  if (!Number.isFinite(start)) return { seconds: 0, lanes: [] };
  const ended = facts.find((fact) => fact.kind === 'call.ended');
  const end = (ended ? Date.parse(ended.at) / 1000 : Math.max(...times)) - start;
  const chart = new Chart();
  for (const fact of facts) {
    const at = Date.parse(fact.at) / 1000 - start;
    if (at <= end) DRAW[fact.kind]?.(chart, fact, at);
  }
  return { seconds: end, lanes: chart.close(end) };
}

/** Ticks of the axis: 10 s, 30 s, 1, 2, 5, 10 … minutes, so that at most ten of them show. */
export function ticks(seconds: number): number[] {
  const steps = [10, 30, 60, 120, 300, 600, 1800, 3600];
  const step = steps.find((s) => seconds / s <= 10) ?? 7200;
  return Array.from({ length: Math.floor(seconds / step) + 1 }, (_, i) => i * step);
}
