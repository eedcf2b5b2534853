import { describe, expect, it } from 'vitest';
import { groups, warranty, type Entry } from './activity';

const NOW = new Date(2026, 10, 23, 14, 40).getTime();
const row = (id: string, y: number, m: number, d: number): Entry => ({ id, kind: 'call', at: new Date(y, m, d, 9).toISOString() });

describe("an owner's activity", () => {
  it('is grouped into today, yesterday and months', () => {
    const found = groups([row('a', 2026, 10, 23), row('b', 2026, 10, 22), row('c', 2026, 10, 21), row('d', 2026, 10, 1), row('e', 2026, 8, 30)], NOW);
    expect(found.map((g) => [g.key, g.rows.map((r) => r.id).join('')])).toEqual([['today', 'a'], ['yesterday', 'b'], ['2026-11', 'cd'], ['2026-09', 'e']]);
  });

  it('counts a moment after now as today', () => {
    expect(groups([row('a', 2026, 10, 24)], NOW)[0]?.key).toBe('today');
  });
});

describe('a warranty', () => {
  it('lasts until the end of its day', () => {
    expect(warranty('2026-11-23', NOW)).toEqual({ state: 'valid', days: 0 });
    expect(warranty('2026-11-22', NOW).state).toBe('expired');
  });

  it('says in how many days it ends', () => {
    expect(warranty('2026-12-20', NOW)).toEqual({ state: 'valid', days: 27 });
  });

  it('may be missing', () => {
    expect(warranty(null, NOW).state).toBe('none');
  });
});
