import { describe, expect, it } from 'vitest';
import { backoff } from './backoff';

describe('the wait before the next try', () => {
  it('doubles up to five seconds', () => {
    expect([1, 2, 3, 4, 5, 6, 60].map((n) => backoff(n, 1))).toEqual([300, 600, 1200, 2400, 4800, 5000, 5000]);
  });

  it('is spread by chance and never busy', () => {
    expect(backoff(1, 0)).toBe(100);
    expect(backoff(9, 0)).toBe(1667);
  });
});
