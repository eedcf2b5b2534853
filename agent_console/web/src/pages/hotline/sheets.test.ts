import { describe, expect, it } from 'vitest';
import { byDue, EMPTY_DRAFT, keepPlaces, missing, noteOf, outOfOrder, share } from './sheets';

const s = (id: string, due_at: string | null) => ({ id, due_at });
const ids = (rows: readonly { id: string }[]) => rows.map((row) => row.id);

describe('task sheets', () => {
  it('come soonest first, those without a clock last', () => {
    expect(ids(byDue([s('c', null), s('b', '2026-11-23T06:40:00Z'), s('a', '2026-11-23T06:30:00Z')]))).toEqual(['a', 'b', 'c']);
  });

  it('keep their places when a more urgent one arrives', () => {
    const sheets = [s('new', '2026-11-23T06:00:00Z'), s('a', '2026-11-23T06:30:00Z'), s('b', '2026-11-23T06:40:00Z')];
    expect(ids(keepPlaces(['a', 'b'], sheets))).toEqual(['a', 'b', 'new']);
    expect(outOfOrder(keepPlaces(['a', 'b'], sheets))).toBe(1);
  });

  it('close the gap of one that is gone', () => {
    expect(ids(keepPlaces(['a', 'gone', 'b'], [s('b', null), s('a', null)]))).toEqual(['a', 'b']);
  });

  it('are in order as they open', () => {
    expect(outOfOrder([s('a', '1'), s('b', '2'), s('c', null)])).toBe(0);
  });
});

describe('the outcome of a task sheet', () => {
  it('is refused while its fields are empty', () => {
    expect(missing('solved_by_phone', EMPTY_DRAFT)).toEqual(['diagnosis']);
    expect(missing('to_coordinator', { ...EMPTY_DRAFT, diagnosis: 'x' })).toEqual(['remedy', 'service_mode']);
    expect(missing('call_again', { ...EMPTY_DRAFT, diagnosis: '  ' })).toEqual(['diagnosis', 'due_at']);
  });

  it('is allowed when they are filled', () => {
    expect(missing('to_coordinator', { diagnosis: 'a', remedy: 'b', service_mode: 'on_site', due_at: '' })).toEqual([]);
  });

  it('hands on the diagnosis and the remedy', () => {
    expect(noteOf({ ...EMPTY_DRAFT, diagnosis: 'Card blank. ', remedy: 'Write it again.' })).toBe('Card blank.\n\nWrite it again.');
  });
});

describe("a sheet's clock", () => {
  it('empties as time passes and is full again when late', () => {
    expect([450, 900, 2000, -5, 0].map(share)).toEqual([0.5, 1, 1, 1, 1]);
  });
});
