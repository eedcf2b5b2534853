/** The waiting calls of each queue since the page opened: one sample every ten seconds, an hour at most. */
import { useEffect, useRef, useState } from 'react';

export const SAMPLE_S = 10;
const LIMIT = 360;

export type Trend = ReadonlyMap<string, readonly number[]>;

/** The trend with one more sample of each queue; queues that are gone are dropped. */
export function sampled(trend: Trend, queues: readonly { readonly id: string; readonly waiting: number }[]): Trend {
  return new Map(queues.map((q) => [q.id, [...(trend.get(q.id) ?? []), q.waiting].slice(-LIMIT)]));
}

/** Samples by its own clock, whether or not anything was pushed: a quiet queue is news too. */
export function useTrend(queues: readonly { readonly id: string; readonly waiting: number }[]): Trend {
  const latest = useRef(queues);
  latest.current = queues;
  const [trend, setTrend] = useState<Trend>(new Map());
  useEffect(() => {
    const take = () => setTrend((old) => sampled(old, latest.current));
    take();
    const timer = setInterval(take, SAMPLE_S * 1000);
    return () => clearInterval(timer);
  }, []);
  return trend;
}
