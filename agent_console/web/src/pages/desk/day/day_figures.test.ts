import { describe, expect, it } from 'vitest';
import type { CallRecord } from '@/api/records';
import { dayFigures } from './day_figures';

const call = (over: Partial<CallRecord>): CallRecord => ({
  id: '', direction: 'in', from: '', from_name: '', owner_name: null, to: '', queue: null, agent: 'agt-1', engineer: null, wait_s: 0, talk_s: 60, hold_s: 0, started_at: '', answered_at: 'x', ended_at: null,
  ended_by: null, language: null, disposition: null, owner: null, ticket: null, sip_call_id: '', rebuilt: false, recording: null, ...over,
});

describe('my day', () => {
  it('is empty before the first call', () => {
    expect(dayFigures([], 'agt-1')).toEqual({ answered: 0, dialled: 0, talk: null, hold: null });
  });

  it('counts what I answered and what I dialled, and averages over conversations only', () => {
    const figures = dayFigures([call({ talk_s: 100, hold_s: 20 }), call({ talk_s: 50 }), call({ direction: 'out', talk_s: 0, answered_at: null })], 'agt-1');
    expect(figures).toEqual({ answered: 2, dialled: 1, talk: 75, hold: 10 });
  });

  it('counts what an engineer took over, and nothing that is a colleague’s in the end', () => {
    const figures = dayFigures([call({ agent: 'agt-2', engineer: 'agt-1', talk_s: 30 }), call({ agent: 'agt-2', talk_s: 500 })], 'agt-1');
    expect(figures).toEqual({ answered: 1, dialled: 0, talk: 30, hold: 0 });
  });
});
