import { describe, expect, it } from 'vitest';
import { sampled, type Trend } from './trend';

describe('the trend of waiting calls', () => {
  it('adds one sample per queue and forgets queues that are gone', () => {
    const first = sampled(new Map(), [{ id: 'a', waiting: 1 }, { id: 'b', waiting: 2 }]);
    const next = sampled(first, [{ id: 'a', waiting: 3 }]);
    expect([...next]).toEqual([['a', [1, 3]]]);
  });

  it('keeps an hour', () => {
    let trend: Trend = new Map();
    for (let i = 0; i < 400; i += 1) trend = sampled(trend, [{ id: 'a', waiting: i }]);
    expect([trend.get('a')?.length, trend.get('a')?.at(-1)]).toEqual([360, 399]);
  });
});
