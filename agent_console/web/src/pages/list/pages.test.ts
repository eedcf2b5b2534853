import { describe, expect, it } from 'vitest';
import { counted, dayStart, nextCursor, query, rowsOf } from './pages';

describe('lists by cursor', () => {
  it('are one list without doubles', () => {
    const pages = [{ items: [{ id: 'c' }, { id: 'b' }], next: 'x' }, { items: [{ id: 'b' }, { id: 'a' }], next: null }];
    expect(rowsOf(pages).map((row) => row.id)).toEqual(['c', 'b', 'a']);
  });

  it('end where there is no cursor', () => {
    expect([nextCursor({ items: [], next: 'x' }), nextCursor({ items: [], next: null })]).toEqual(['x', undefined]);
  });

  it('leave empty filters out of the query, in a fixed order', () => {
    expect(query({ queue: 'repairs', q: 'a b', agent: '', cursor: undefined })).toBe('q=a+b&queue=repairs');
  });

  it('read a day in the zone of the reader', () => {
    expect(dayStart('2026-11-23')).toBe(new Date(2026, 10, 23).toISOString());
    expect(dayStart('2026-11-30', 1)).toBe(new Date(2026, 11, 1).toISOString());
    expect(dayStart('soon')).toBeUndefined();
  });

  it('are counted as far as they are known', () => {
    expect([counted(50, true), counted(50, false), counted(0, false)]).toEqual(['50+', '50', '0']);
  });
});
