// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { inCallAgain, wasInCall, watchInCall } from './in_call';
import type { PhoneSession, SessionState } from './phone';
import { resetPhone, usePhone } from './store';

const session = (state: SessionState, connected: boolean): PhoneSession => ({ id: '1', call: null, offer: null, from: '', state, muted: false, connected, automatic: true, since: 0 });
const told = (state: SessionState | null, connected = false) => usePhone.setState({ session: state && session(state, connected) });

beforeEach(() => vi.useFakeTimers());
afterEach(() => {
  vi.useRealTimers();
  resetPhone();
});

test('a tab that is left while talking knows it at its next page', () => {
  const stop = watchInCall();
  told('ringing');
  expect(wasInCall()).toBe(false);
  told('talking');
  expect(wasInCall()).toBe(true);
  stop();
});

test('a call that does not come back slows one page only', () => {
  const stop = watchInCall();
  told('talking');
  stop();
  expect(wasInCall()).toBe(true);
  expect(wasInCall()).toBe(false);
});

test('a call that ended before the page was left hurries nobody', () => {
  const stop = watchInCall();
  told('talking');
  told(null);
  expect(wasInCall()).toBe(false);
  stop();
});

test('a conversation that is heard again ends the waiting', async () => {
  const waiting = inCallAgain(1_000);
  told('talking');
  expect(vi.getTimerCount()).toBe(1);
  told('talking', true);
  await waiting;
  expect(vi.getTimerCount()).toBe(0);
});

test('a line that does not come back lets the picture through', async () => {
  const waiting = inCallAgain(1_000);
  vi.advanceTimersByTime(1_000);
  await waiting;
});
