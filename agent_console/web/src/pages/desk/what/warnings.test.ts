import { describe, expect, it } from 'vitest';
import type { Candidate } from '@/api/owners';
import { warnings } from './warnings';

const NOW = Date.parse('2026-11-23T06:00:00Z');
const candidate = (over: Partial<Candidate>): Candidate => ({
  owner: 'o', name: '', level: null, reason: { code: 'only_owner', params: {} }, properties: [], equipment: [], open_tickets: [], last_calls: [], callbacks: [], ...over,
});
const codes = (over: Partial<Candidate>) => warnings(candidate(over), NOW).map((one) => one.code);

describe('before the first word', () => {
  it('nothing is said when nothing is wrong', () => {
    expect(codes({ last_calls: [{ id: 'c', at: '', direction: 'in', disposition: 'solved', agent: 'agt-1' }] })).toEqual([]);
  });

  it('the agent knows that the last call was not answered', () => {
    expect(codes({ last_calls: [{ id: 'c', at: '', direction: 'in', disposition: null, agent: null }] })).toEqual(['gave_up']);
  });

  it('the agent knows of a promised callback, kept or late', () => {
    const late = { id: '1', due_at: '2026-11-23T05:00:00Z', note: null };
    const coming = { id: '2', due_at: '2026-11-23T09:00:00Z', note: null };
    expect(codes({ callbacks: [late, coming] })).toEqual(['callback_late', 'callback_promised']);
  });

  it('the agent knows of a ticket that is late', () => {
    expect(codes({ open_tickets: [{ id: 't', number: 'T-1', title: '', state: 'open', due_at: '2026-11-22T05:00:00Z' }] })).toEqual(['ticket_late']);
  });
});
