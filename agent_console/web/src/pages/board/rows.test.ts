import { describe, expect, it } from 'vitest';
import { byNumber, columns, countByState, isOver, masked, waitingCalls } from './rows';

describe('agents on the board', () => {
  it('are ordered by extension, whatever their state', () => {
    const rows = byNumber([{ id: 'c', number: '1101' }, { id: 'a', number: '999' }, { id: 'b', number: '1024' }]);
    expect(rows.map((a) => a.number)).toEqual(['999', '1024', '1101']);
  });

  it('fill columns from top to bottom', () => {
    expect(columns([1, 2, 3, 4, 5], 2)).toEqual([[1, 2, 3], [4, 5]]);
    expect(columns([], 3)).toEqual([]);
    expect(columns([1, 2], 3)).toEqual([[1], [2]]);
  });

  it('are counted by state', () => {
    const counts = countByState([{ state: 'READY' }, { state: 'READY' }, { state: 'AUX' }]);
    expect([counts.get('READY'), counts.get('AUX'), counts.get('LOST')]).toEqual([2, 1, undefined]);
  });

  it('stand out only in states that have a usual length', () => {
    expect([isOver('ON_CALL', 481), isOver('ON_CALL', 480), isOver('READY', 9000)]).toEqual([true, false, false]);
  });
});

describe('waiting calls', () => {
  it('are those without an agent, first come first', () => {
    const calls = [
      { id: 'b', state: 'waiting', queued_at: '2026-11-23T06:28:10Z' },
      { id: 'x', state: 'talking', queued_at: '2026-11-23T06:20:00Z' },
      { id: 'a', state: 'ringing', queued_at: '2026-11-23T06:28:00Z' },
      { id: 'y', state: 'waiting', queued_at: null },
    ];
    expect(waitingCalls(calls).map((c) => c.id)).toEqual(['a', 'b']);
  });

  it('show four digits of the number', () => {
    expect([masked('+8613800000101'), masked('')]).toEqual(['0101', '']);
  });
});
