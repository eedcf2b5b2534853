import { describe, expect, it } from 'vitest';
import { fromField, inOrder, lateCount, toField, tomorrowAtNine } from './order';

const NOW = Date.UTC(2026, 10, 23, 6, 32);
const cb = (id: string, minutes: number, state = 'open') => ({ id, state, due_at: new Date(NOW + minutes * 60_000).toISOString() });

describe('callbacks', () => {
  it('stand due first while open', () => {
    expect(inOrder([cb('b', 10), cb('a', -5)], true).map((c) => c.id)).toEqual(['a', 'b']);
  });

  it('stand newest first when done', () => {
    expect(inOrder([cb('a', -5, 'done'), cb('b', 10, 'done')], false).map((c) => c.id)).toEqual(['b', 'a']);
  });

  it('are late only while open', () => {
    expect(lateCount([cb('a', -5), cb('b', -5, 'done'), cb('c', 5)], NOW)).toBe(1);
  });
});

describe('a time field', () => {
  it('shows and reads the zone of the reader', () => {
    const time = new Date(2026, 10, 24, 9, 5);
    expect(toField(time)).toBe('2026-11-24T09:05');
    expect(fromField('2026-11-24T09:05')).toBe(time.toISOString());
  });

  it('is nothing while it is not a time', () => {
    expect([fromField(''), fromField('2026-')]).toEqual([null, null]);
  });

  it('knows tomorrow at nine', () => {
    expect(toField(tomorrowAtNine(new Date(2026, 10, 30, 23).getTime()))).toBe('2026-12-01T09:00');
  });
});
