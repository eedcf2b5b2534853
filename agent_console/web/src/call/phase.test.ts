import { describe, expect, it } from 'vitest';
import type { AgentState } from '@/api/agents';
import { aCall, anAgent } from '@/live/sample';
import type { PhoneSession } from '@/phone/phone';
import { CALL_KEYS, keyWorks, phaseOf, type Phase } from './phase';

const session = (over: Partial<PhoneSession> = {}): PhoneSession => ({
  id: 's', call: 'call-1', offer: 'o-1', from: '', state: 'talking', muted: false, connected: true, automatic: false, since: 0, ...over,
});
const phase = (state: AgentState, rest: Partial<Parameters<typeof phaseOf>[0]> = {}): Phase =>
  phaseOf({ agent: anAgent({ state }), call: aCall(), session: null, coreUp: true, registered: true, ...rest });
const keys = (over: Partial<Parameters<typeof keyWorks>[1]>) =>
  CALL_KEYS.filter((key) => keyWorks(key, { phase: 'talking', coreUp: true, session: session(), mine: true, ...over }));

describe('the phase of the desk', () => {
  it.each<[AgentState, Phase]>([
    ['READY', 'idle'], ['AUX', 'idle'], ['RESERVED', 'offer'], ['RINGING', 'offer'], ['ON_CALL', 'talking'],
    ['CONSULTING', 'consult'], ['WRAP_UP', 'wrapup'], ['LOST', 'lost'], ['LOGGED_OUT', 'signed_off'],
  ])('follows the server: %s is %s', (state, expected) => {
    expect(phase(state)).toBe(expected);
  });

  it('is dialling while the other side of an outbound call has not answered', () => {
    expect(phase('ON_CALL', { call: aCall({ direction: 'out', state: 'dialling' }) })).toBe('dialling');
  });

  it('shows a ring of the emergency path though the core knows nothing of it', () => {
    expect(phase('READY', { coreUp: false, session: session({ state: 'ringing' }) })).toBe('offer');
  });

  it('keeps a call by the line alone', () => {
    expect(phase('READY', { coreUp: false, session: session() })).toBe('talking');
  });

  it.each<[AgentState, Phase]>([['ON_CALL', 'talking'], ['CONSULTING', 'consult']])('keeps showing a call whose voice is at another page: %s', (state, expected) => {
    expect(phase(state, { coreUp: false, registered: false })).toBe(expected);
  });

  it('believes a registered line that the call is over', () => {
    expect(phase('ON_CALL', { coreUp: false, registered: true })).toBe('idle');
  });

  it('keeps the wrap-up form while the core is away', () => {
    expect(phase('WRAP_UP', { coreUp: false })).toBe('wrapup');
  });
});

describe('the call keys', () => {
  it('are all there in a conversation, but answer', () => {
    expect(keys({})).toEqual(['mute', 'hold', 'keypad', 'transfer', 'record', 'hangup']);
  });

  it('are answer alone while it rings', () => {
    expect(keys({ phase: 'offer', session: session({ state: 'ringing' }) })).toEqual(['answer']);
  });

  it('do not answer before the INVITE is there', () => {
    expect(keys({ phase: 'offer', session: null })).toEqual([]);
  });

  it('are mute, keypad and hang up while the core is away', () => {
    expect(keys({ coreUp: false })).toEqual(['mute', 'keypad', 'hangup']);
  });

  it.each(['off', 'failed'] as const)('have no pause for a recording that does not run: %s', (recording) => {
    expect(keys({ call: aCall({ recording }) })).toEqual(['mute', 'hold', 'keypad', 'transfer', 'hangup']);
  });

  it('are none while the core is away and the voice is at another page', () => {
    expect(keys({ coreUp: false, session: null })).toEqual([]);
  });

  it.each([['ringing', false], ['talking', true], ['three_way', true]] as const)('hand the caller over only to an engineer who is there: %s', (state, works) => {
    const call = aCall({ state: 'consulting', consult: { engineer: 'agt-2001', state, since: '2026-03-02T09:00:00Z' } });
    expect(keys({ phase: 'consult', call }).includes('transfer')).toBe(works);
  });

  it('are mute, keypad and hang up for the engineer who was asked', () => {
    expect(keys({ mine: false, phase: 'consult' })).toEqual(['mute', 'keypad', 'hangup']);
  });

  it('are all off when the line is lost', () => {
    expect(keys({ phase: 'lost', session: null })).toEqual([]);
  });
});
