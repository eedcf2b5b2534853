// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { useLiveStore } from '@/live/store';
import { anAgent } from '@/live/sample';
import { FAKE_EVENT } from './fake_phone';
import { startPhone } from './host';
import { usePhone } from './store';

const asked = vi.hoisted(() => ({ accounts: 0 }));
vi.mock('@/api/client', () => ({ api: { post: () => Promise.resolve({ endpoint: `w${(asked.accounts += 1)}`, uri: 'fake:one', secret: 's' }) } }));
vi.mock('./microphone', () => ({ microphone: () => null, openMicrophone: () => Promise.resolve(null), closeMicrophone: () => undefined }));
vi.mock('./ringer', () => ({ ringer: { device: () => Promise.resolve(), start: () => undefined, stop: () => undefined } }));
const refuse = () => window.dispatchEvent(new CustomEvent(FAKE_EVENT, { detail: { do: 'refuse' } }));
const said = (up: boolean, registered: boolean) =>
  useLiveStore.setState(({ live, line }) => ({
    line: { ...line, state: 'open' },
    live: { ...live, page: 'p1', core: { ...live.core, up }, agents: { 'agt-1': anAgent({ id: 'agt-1', registered }) } },
  }));
let stop = () => undefined as void;

beforeEach(async () => {
  vi.stubGlobal('navigator', {}); // no locks: this page leads at once
  asked.accounts = 0;
  said(true, true);
  stop = startPhone('one', 'agt-1');
  await vi.waitFor(() => expect(usePhone.getState().registration).toBe('registered'), 8_000); // the phone is imported then
  vi.useFakeTimers();
});
afterEach(() => {
  stop();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

test('an account that the switch forgot is asked for anew', async () => {
  said(true, false);
  refuse();
  await vi.advanceTimersByTimeAsync(2_100);
  expect(asked.accounts).toBe(2);
});

test('a line that is registered all the same is somebody else’s', async () => {
  refuse();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(usePhone.getState().taken).toBe(true);
  expect(asked.accounts).toBe(1);
});

test('what a core said before it went is no word about the line', async () => {
  said(false, true);
  refuse();
  await vi.advanceTimersByTimeAsync(6_100);
  expect(usePhone.getState().taken).toBe(false);
  said(true, false);
  await vi.advanceTimersByTimeAsync(2_100);
  expect(asked.accounts).toBe(2);
});

test('a line that was taken and is nobody’s comes back', async () => {
  refuse();
  await vi.advanceTimersByTimeAsync(2_100);
  said(true, false);
  await vi.advanceTimersByTimeAsync(10_100);
  expect(asked.accounts).toBe(2);
  expect(usePhone.getState().taken).toBe(false);
});

test('another page that lost its line for a moment keeps it', async () => {
  refuse();
  await vi.advanceTimersByTimeAsync(2_100);
  said(true, false);
  await vi.advanceTimersByTimeAsync(3_000);
  said(true, true);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(asked.accounts).toBe(1);
  expect(usePhone.getState().taken).toBe(true);
});
