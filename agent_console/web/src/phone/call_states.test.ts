import { describe, expect, it } from 'vitest';
import { CALL_STATES, next, type SessionEvent } from './call_states';
import type { SessionState } from './phone';

const walk = (from: SessionState, ...events: SessionEvent[]): SessionState => events.reduce(next, from);

describe('the life of a SIP session', () => {
  it('goes from ringing over answering to talking and ends', () => {
    expect(walk('ringing', 'answer')).toBe('answering');
    expect(walk('ringing', 'answer', 'accepted', 'confirmed')).toBe('talking');
    expect(walk('ringing', 'answer', 'accepted', 'ended')).toBe('ended');
  });

  it('ends when the caller gives up while it rings', () => {
    expect(walk('ringing', 'failed')).toBe('ended');
  });

  it('cannot be answered twice', () => {
    expect(walk('ringing', 'answer', 'accepted', 'answer')).toBe('talking');
  });

  it('never comes back from the end', () => {
    const events: SessionEvent[] = ['answer', 'progress', 'accepted', 'confirmed', 'failed', 'ended'];
    expect(events.map((event) => walk('ended', event))).toEqual(events.map(() => 'ended'));
  });

  it('can end from every state', () => {
    expect(Object.keys(CALL_STATES).map((state) => walk(state as SessionState, 'ended'))).toEqual(Object.keys(CALL_STATES).map(() => 'ended'));
  });
});
