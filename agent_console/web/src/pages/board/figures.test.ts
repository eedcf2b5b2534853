import { describe, expect, it } from 'vitest';
import { abandonLevel, figures, percent, serviceLevel, serviceLevelLevel, sum, waitLevel, waitingLevel, worst, type QueueSums } from './figures';

const QUEUE: QueueSums = {
  waiting: 2, longest_since: '2026-11-23T06:28:00Z', offered: 100, answered: 90, abandoned: 10, short_abandoned: 4,
  flow_out: 0, within: 72, sum_wait_s: 900,
};

describe('figures of a queue', () => {
  it('divide answered within T by answered and abandoned without the short abandons', () => {
    expect(serviceLevel(QUEUE)).toBe(72 / 96);
  });

  it('divide the abandoned by the offered', () => {
    expect(figures(QUEUE).abandon_rate).toBe(0.1);
  });

  it('average the wait over answered calls only', () => {
    expect(figures(QUEUE).asa_s).toBe(10);
  });

  it('are unknown, not zero, before the first call', () => {
    const none = figures(sum([]));
    expect([none.service_level, none.abandon_rate, none.asa_s]).toEqual([null, null, null]);
  });

  it('weigh each queue by its calls in the total', () => {
    const small = { ...QUEUE, offered: 10, answered: 10, abandoned: 0, short_abandoned: 0, within: 0, sum_wait_s: 300 };
    expect(figures(sum([QUEUE, small])).asa_s).toBe(12);
    expect(figures(sum([QUEUE, small])).service_level).toBe(72 / 106);
  });

  it('show the longest wait of all queues', () => {
    const older = { ...QUEUE, longest_since: '2026-11-23T06:27:00Z' };
    expect(sum([QUEUE, older, { ...QUEUE, longest_since: null }]).longest_since).toBe(older.longest_since);
  });
});

describe('a percentage', () => {
  it('has a dash for nothing to count', () => {
    expect(percent(null)).toBe('–');
  });

  it('has as many places as asked', () => {
    expect([percent(0.8567), percent(0.0312, 1)]).toEqual(['86 %', '3.1 %']);
  });
});

describe('thresholds', () => {
  it('turn a wait amber, then red', () => {
    expect([44, 45, 90].map(waitLevel)).toEqual(['', 'soon', 'late']);
  });

  it('turn waiting calls red when nobody is there to take them', () => {
    expect([waitingLevel(1, 0), waitingLevel(1, 3), waitingLevel(0, 0)]).toEqual(['late', '', '']);
  });

  it('do not judge the rates of a handful of calls', () => {
    expect([serviceLevelLevel(0, 4), abandonLevel(1, 4)]).toEqual(['', '']);
    expect([serviceLevelLevel(0.72, 40), serviceLevelLevel(0.79, 40), abandonLevel(0.068, 40)]).toEqual(['late', 'soon', 'late']);
  });

  it('let the worst level speak for the row', () => {
    expect([worst(['', 'soon', 'late']), worst(['', 'soon']), worst([''])]).toEqual(['late', 'soon', '']);
  });
});
