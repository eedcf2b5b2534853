import { describe, expect, it } from 'vitest';
import { anAgent, aQueue } from '@/live/sample';
import { blindRefused, blindTarget, consultRefused, inPlace, targets, type Directory } from './targets';

const engineer = (number: string, state: 'READY' | 'ON_CALL', name = number) => anAgent({ id: `agt-${number}`, number, name, role: 'hotline_engineer', state, skills: { access: 5 } });
const directory: Directory = {
  me: 'agt-1024',
  agents: [anAgent(), anAgent({ id: 'agt-1031', number: '1031', name: '何雨桐' }), engineer('2001', 'ON_CALL', '孟凡'), engineer('2003', 'READY', '高磊'), anAgent({ id: 'agt-1040', number: '1040', state: 'LOGGED_OUT' })],
  queues: [aQueue(), aQueue({ id: 'complaints', name_zh: '投诉受理', name_en: 'Complaints' })],
};
const keys = (...args: [Parameters<typeof targets>[1], string]) => targets(directory, ...args).map((one) => one.key);

describe('to whom a call can go', () => {
  it('are free engineers first, never oneself or who is not there', () => {
    expect(keys('all', '')).toEqual(['any', 'agt-2003', 'agt-2001', 'agt-1031', 'queue-repairs', 'queue-complaints']);
  });

  it('are found by name, number or skill', () => {
    expect(keys('all', '高')).toEqual(['agt-2003']);
    expect(keys('all', '1031')).toEqual(['agt-1031']);
    expect(keys('all', 'access')).toEqual(['agt-2003', 'agt-2001']);
  });

  it('are kept to one kind when asked', () => {
    expect(keys('queues', '')).toEqual(['queue-repairs', 'queue-complaints']);
    expect(keys('agents', '')).toEqual(['agt-1031']);
  });

  it('may be an outside number', () => {
    expect(keys('phone', '138 0000 0101')).toEqual(['number']);
    expect(keys('phone', '12')).toEqual([]);
  });

  it('say why they cannot be consulted', () => {
    const reasons = targets(directory, 'all', '').map((one) => [one.key, consultRefused(one)]);
    expect(Object.fromEntries(reasons)).toMatchObject({ any: null, 'agt-2003': null, 'agt-2001': 'busy', 'queue-repairs': 'not_a_person' });
  });

  it('take a blind transfer only when they can', () => {
    const byKey = Object.fromEntries(targets(directory, 'all', '').map((one) => [one.key, blindTarget(one)]));
    expect(byKey['queue-repairs']).toEqual({ kind: 'queue', id: 'repairs' });
    expect(byKey['agt-2001']).toBeNull();
  });
});

describe('the list while it is open', () => {
  const shown = targets(directory, 'all', '');
  const later = (agents: Directory['agents']) => inPlace(shown, targets({ ...directory, agents }, 'all', ''), agents);
  const row = (rows: typeof shown, key: string) => rows.find((one) => one.key === key);

  it('keeps its order while presence changes in its rows', () => {
    const changed = [engineer('2001', 'READY', '孟凡'), engineer('2003', 'ON_CALL', '高磊'), anAgent({ id: 'agt-1031', number: '1031' })];
    const rows = later(changed);
    expect(rows.map((one) => one.key)).toEqual(shown.map((one) => one.key));
    expect([row(rows, 'agt-2003'), row(rows, 'agt-2001')].map((one) => one && consultRefused(one))).toEqual(['busy', null]);
    expect(row(rows, 'any')).toMatchObject({ ready: 1 });
  });

  it('lets whoever logs in join at the end', () => {
    expect(later([...directory.agents, engineer('2000', 'READY')]).map((one) => one.key).at(-1)).toBe('agt-2000');
  });

  it('keeps whoever logs out in his place and refuses him', () => {
    const rows = later(directory.agents.filter((agent) => agent.id !== 'agt-2003'));
    expect(rows[1]).toMatchObject({ key: 'agt-2003', agent: { state: 'LOGGED_OUT' } });
    expect(rows.flatMap((one) => (one.key === 'agt-2003' ? [consultRefused(one), blindRefused(one)] : []))).toEqual(['busy', 'busy']);
  });

  it('says that one must be chosen for a blind transfer', () => {
    expect(shown.filter((one) => one.kind === 'any_engineer').map(blindRefused)).toEqual(['choose']);
  });
});
