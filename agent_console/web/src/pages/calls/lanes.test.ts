import { describe, expect, it } from 'vitest';
import { lanesOf, ticks } from './lanes';

const at = (s: number) => new Date(Date.UTC(2026, 10, 23, 6, 27, 56) + s * 1000).toISOString();
const f = (s: number, kind: string, data: Record<string, unknown> = {}) => ({ at: at(s), kind, ...data });

const CONSULTED = [
  f(0, 'call.arrived'),
  f(11, 'call.queued', { queue: 'repairs' }),
  f(56, 'ring.started', { agent: 'agt-1024' }),
  f(59, 'call.answered', { agent: 'agt-1024' }),
  f(251, 'consult.started', { agent: 'agt-1024', engineer: 'agt-2003' }),
  f(262, 'consult.answered', { engineer: 'agt-2003' }),
  f(293, 'consult.joined', { agent: 'agt-1024', engineer: 'agt-2003' }),
  f(467, 'call.ended', { by: 'caller' }),
];

describe('swim lanes', () => {
  it('show menu, wait, talk, hold and three-way of the caller on one axis', () => {
    const { seconds, lanes } = lanesOf(CONSULTED);
    expect(seconds).toBe(467);
    expect(lanes[0]?.spans.map((s) => [s.kind, s.from, s.to])).toEqual([
      ['menu', 0, 11], ['wait', 11, 59], ['talk', 59, 251], ['hold', 251, 293], ['three_way', 293, 467],
    ]);
  });

  it('give each person at work a lane, in the order they joined', () => {
    const agents = lanesOf(CONSULTED).lanes.filter((lane) => lane.who === 'agent');
    expect(agents.map((lane) => lane.id)).toEqual(['agt-1024', 'agt-2003']);
    expect(agents[1]?.spans.map((s) => s.kind)).toEqual(['ring', 'consult', 'three_way']);
  });

  it('end a ring that nobody answered', () => {
    const { lanes } = lanesOf([
      f(0, 'call.queued'), f(5, 'ring.started', { agent: 'a' }), f(20, 'ring.ended', { agent: 'a', status: 'NOANSWER' }), f(30, 'call.ended'),
    ]);
    expect(lanes.find((lane) => lane.id === 'a')?.spans).toEqual([{ kind: 'ring', from: 5, to: 20 }]);
  });

  it('ignore facts they do not know', () => {
    expect(lanesOf([f(0, 'call.arrived'), f(1, 'moon.risen'), f(2, 'call.ended')]).lanes).toHaveLength(2);
  });

  it('are empty without facts', () => {
    expect(lanesOf([])).toEqual({ seconds: 0, lanes: [] });
  });
});

describe('the axis', () => {
  it('has at most eleven ticks', () => {
    expect(ticks(45)).toEqual([0, 10, 20, 30, 40]);
    expect(ticks(467)).toEqual([0, 60, 120, 180, 240, 300, 360, 420]);
    expect(ticks(7000).length).toBeLessThanOrEqual(11);
  });
});
