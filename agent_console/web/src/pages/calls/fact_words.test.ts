import { describe, expect, it } from 'vitest';
import en from '../../i18n/en/calls.json';
import zh from '../../i18n/zh-CN/calls.json';
import { factWords, KNOWN_KINDS, reasonWords, type Names } from './fact_words';

const NAMES: Names = {
  agent: (id) => (id === 'agt-1024' ? 'Lin Yue' : id),
  queue: (id) => (id === 'repairs' ? 'Repairs' : id),
  word: (group, code) => `${group}:${code}`,
  duration: (seconds) => `${seconds}s`,
  phone: (e164) => e164,
};
const at = '2026-11-23T06:28:00Z';

const has = (tree: unknown, path: string): boolean =>
  path.split('.').reduce<unknown>((node, key) => (node as Record<string, unknown> | undefined)?.[key], tree) !== undefined;

describe('facts in words', () => {
  it('have a sentence in both languages for every kind', () => {
    for (const kind of KNOWN_KINDS) {
      const { key } = factWords({ at, kind }, NAMES);
      expect([kind, has(en, key), has(zh, key)]).toEqual([kind, true, true]);
    }
  });

  it('show a kind nobody has met by its code', () => {
    const words = factWords({ at, kind: 'moon.risen' }, NAMES);
    expect([words.key, words.params.kind]).toEqual(['fact.unknown', 'moon.risen']);
  });

  it('name agents and queues, not ids', () => {
    expect(factWords({ at, kind: 'offer.made', agent: 'agt-1024' }, NAMES).params.agent).toBe('Lin Yue');
    expect(factWords({ at, kind: 'call.queued', queue: 'repairs' }, NAMES).params.queue).toBe('Repairs');
  });

  it('tell an answer of the called party from an answer of an agent', () => {
    expect(factWords({ at, kind: 'call.answered', agent: 'agt-1024' }, NAMES).key).toBe('fact.call_answered');
    expect(factWords({ at, kind: 'call.answered' }, NAMES).key).toBe('fact.call_answered_out');
  });

  it('say who hung up, and why in words', () => {
    const words = factWords({ at, kind: 'call.ended', by: 'caller', cause: 16 }, NAMES);
    expect(words.params.by).toBe('ended_by:caller');
    expect(words.details).toEqual([{ key: 'detail.cause', params: { cause: '16', text: 'cause:16' } }]);
  });

  it('leave out details the fact does not carry', () => {
    expect(factWords({ at, kind: 'ring.ended', agent: 'a' }, NAMES).details).toEqual([]);
  });

  it('say that no number was sent', () => {
    expect(factWords({ at, kind: 'call.arrived', ani: '' }, NAMES).details.map((d) => d.key)).toEqual(['detail.anonymous']);
  });
});

describe('reasons of an offer', () => {
  it('become words with their parameters', () => {
    const reasons = [{ code: 'longest_idle', params: { seconds: 252 } }, { code: 'returned_first' }];
    expect(reasonWords(reasons, NAMES)).toEqual([
      { key: 'reason.longest_idle', params: { seconds: '252', time: '252s', code: 'longest_idle' } },
      { key: 'reason.returned_first', params: { code: 'returned_first' } },
    ]);
  });

  it('name a skill as its queue', () => {
    expect(reasonWords([{ code: 'skill_matched', params: { skill: 'repairs', level: 5 } }], NAMES)[0]?.params.skill).toBe('Repairs');
  });

  it('are empty when the fact carries none', () => {
    expect(reasonWords(undefined, NAMES)).toEqual([]);
  });
});
