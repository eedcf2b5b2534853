import { describe, expect, it } from 'vitest';
import { cameFrom, isOver, placeOf } from './came_from';

describe('the way back after a log-in', () => {
  it('leads to the same place with its search', () => {
    expect(placeOf(cameFrom({ pathname: '/hotline', search: '?sheet=7' }))).toBe('/hotline?sheet=7');
  });

  it('says that a session was over', () => {
    expect([isOver(cameFrom({ pathname: '/calls', search: '' }, true)), isOver(cameFrom({ pathname: '/calls', search: '' })), isOver(null)]).toEqual([true, false, false]);
  });

  it.each([null, undefined, 'x', {}, { from: 7 }, { from: '/' }, { from: '//elsewhere' }, { from: '/\\elsewhere' }, { from: 'https://elsewhere' }])('is none for %o', (state) => {
    expect(placeOf(state)).toBeNull();
  });
});
