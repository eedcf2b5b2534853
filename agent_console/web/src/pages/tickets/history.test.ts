import { describe, expect, it } from 'vitest';
import { stepOf, type Words } from './history';

const WORDS: Words = { role: (c) => `role ${c}`, agent: (c) => `agent ${c}`, state: (c) => `state ${c}`, field: (c) => `field ${c}`, outcome: (c) => `outcome ${c}` };
const step = (code: string, params: Record<string, string> = {}) => stepOf({ at: '2026-11-23T06:00:00Z', actor: 'u', actor_name: 'Lin Yue', code, params }, WORDS);

describe("a ticket's history", () => {
  it('says to whom it was handed over, and to whom in person', () => {
    expect(step('handed_over', { to_role: 'coordinator' }).params).toEqual({ role: 'role coordinator', agent: '' });
    expect(step('handed_over', { to_role: 'agent', to_agent: 'agt-1' }).params.agent).toBe(' · agent agt-1');
  });

  it('says from which state to which', () => {
    expect(step('state_changed', { before: 'open', after: 'solved' })).toEqual({ key: 'history.state_changed', params: { from: 'state open', to: 'state solved' } });
  });

  it('shows a code nobody has words for', () => {
    expect(step('exploded')).toEqual({ key: 'history.unknown', params: { code: 'exploded' } });
  });
});
