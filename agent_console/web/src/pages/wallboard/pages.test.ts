import { describe, expect, it } from 'vitest';
import { turn } from './pages';

describe('queues on the wallboard', () => {
  it('stand still when they fit', () => {
    expect([turn(['a', 'b'], 0).rows, turn(['a', 'b'], 40).rows]).toEqual([['a', 'b'], ['a', 'b']]);
  });

  it('take turns of a quarter of a minute when they do not', () => {
    const seven = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
    expect(turn(seven, 14)).toEqual({ rows: ['a', 'b', 'c', 'd', 'e'], page: 1, pages: 2 });
    expect(turn(seven, 15)).toEqual({ rows: ['f', 'g'], page: 2, pages: 2 });
    expect(turn(seven, 30).page).toBe(1);
  });

  it('may be none', () => {
    expect(turn([], 99)).toEqual({ rows: [], page: 1, pages: 1 });
  });
});
