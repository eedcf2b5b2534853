import { beforeEach, describe, expect, it } from 'vitest';
import type { CallRecord } from '@/api/records';
import { aCall } from '@/live/sample';
import { AGAIN_MS, askAgain, AT_MOST_MS, remember, useLastCall } from './record_due';

const row = (over: Partial<CallRecord>): CallRecord => ({
  id: 'call-1', direction: 'in', from: '', from_name: '', to: '4001', queue: 'repairs', agent: 'agt-1024', engineer: null, wait_s: 1, talk_s: 2, hold_s: 0,
  started_at: '2026-11-23T06:28:00Z', answered_at: '2026-11-23T06:28:05Z', ended_at: '2026-11-23T06:29:00Z', ended_by: 'caller', language: 'zh',
  disposition: 'solved', owner: null, owner_name: null, ticket: null, sip_call_id: 's', rebuilt: false, recording: null,
  ...over,
});
const wrapped = { id: 'call-1', wrapped: true };

beforeEach(() => useLastCall.setState({ last: null }));

describe('the list of my calls is asked again', () => {
  it('until the record of the last call is in it', () => {
    expect(askAgain([row({ id: 'call-0' })], wrapped, 0)).toBe(AGAIN_MS);
    expect(askAgain([row({}), row({ id: 'call-0' })], wrapped, 0)).toBe(false);
  });

  it('until that record has its end and, after a wrap-up, its disposition', () => {
    expect(askAgain([row({ ended_at: null })], wrapped, 0)).toBe(AGAIN_MS);
    expect(askAgain([row({ disposition: null })], wrapped, 0)).toBe(AGAIN_MS);
    expect(askAgain([row({ disposition: null })], { id: 'call-1', wrapped: false }, 0)).toBe(false);
  });

  it('no longer than that may reasonably take, and not at all without a call', () => {
    expect(askAgain([], wrapped, AT_MOST_MS)).toBe(false);
    expect(askAgain(undefined, null, 0)).toBe(false);
  });
});

describe('the last call', () => {
  it('is the one that was in hand before the desk became idle', () => {
    remember({ call: aCall(), phase: 'talking', mine: true });
    remember({ call: aCall(), phase: 'wrapup', mine: true });
    remember({ call: null, phase: 'idle', mine: true });
    expect(useLastCall.getState().last).toEqual({ id: 'call-1', wrapped: true });
  });

  it('is not one that was only offered, nor one where an engineer helped', () => {
    remember({ call: aCall(), phase: 'offer', mine: true });
    remember({ call: aCall(), phase: 'talking', mine: false });
    expect(useLastCall.getState().last).toBeNull();
  });
});
