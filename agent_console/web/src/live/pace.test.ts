import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Pace } from './pace';

let drawn: (readonly string[])[] = [];
const pace = new Pace<string>((together) => drawn.push(together), 60);

beforeEach(() => {
  vi.useFakeTimers();
  drawn = [];
});
afterEach(() => {
  pace.drop();
  vi.useRealTimers();
});

test('what comes together is drawn once, in order, no later than the first may wait', () => {
  pace.soon('delta');
  vi.advanceTimersByTime(40);
  pace.soon('pop');
  vi.advanceTimersByTime(19);
  expect(drawn).toEqual([]);
  vi.advanceTimersByTime(1);
  expect(drawn).toEqual([['delta', 'pop']]);
});

test('what may not wait takes along what waits before it', () => {
  pace.soon('pop');
  pace.now('pop_end');
  vi.advanceTimersByTime(1_000);
  expect(drawn).toEqual([['pop', 'pop_end']]);
});

test('nothing waiting draws nothing', () => {
  pace.now();
  expect(drawn).toEqual([]);
});

test('what was dropped is never drawn', () => {
  pace.soon('pop');
  pace.drop();
  vi.advanceTimersByTime(1_000);
  expect(drawn).toEqual([]);
});
