/** Builders for tests: an agent, a call and a queue as the server sends them. */
import type { Agent } from '@/api/agents';
import type { Call } from '@/api/calls';
import type { QueueFigures } from '@/api/house';

export const anAgent = (over: Partial<Agent> = {}): Agent => ({
  id: 'agt-1024', user: 'u-1', name: '林悦', number: '1024', role: 'agent', team: 'a', state: 'READY', reason: null,
  since: '2026-11-23T06:28:00Z', call: null, next: null, wrap_up_until: null, registered: true, page: true, skills: { repairs: 3 },
  ...over,
});

export const aCall = (over: Partial<Call> = {}): Call => ({
  id: 'call-1', direction: 'in', state: 'offered', since: '2026-11-23T06:28:07Z', started_at: '2026-11-23T06:28:00Z', queued_at: '2026-11-23T06:28:07Z',
  answered_at: null, queue: 'repairs', language: 'zh', from: '+8613800000101', from_raw: '13800000101', from_name: '', to: '4001', agent: 'agt-1024',
  engineer: null, position: null, priority: 0, recording: 'on', owner: null, ticket: null, callback: null, reasons: [], room: null, consult: null, hears: [],
  ended_by: null, ring_until: null, hold_for_agent_until: null,
  ...over,
});

export const aQueue = (over: Partial<QueueFigures> = {}): QueueFigures => ({
  id: 'repairs', name_zh: '报修热线', name_en: 'Repairs', waiting: 0, longest_since: null, offered: 0, answered: 0, abandoned: 0, short_abandoned: 0,
  flow_out: 0, within: 0, sum_wait_s: 0, service_level: null, abandon_rate: null, asa_s: null, target_s: 20, ready: 0, logged_in: 0,
  ...over,
});
