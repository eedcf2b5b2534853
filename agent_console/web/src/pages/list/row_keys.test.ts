import { describe, expect, it } from 'vitest';
import { target } from './row_keys';

describe('the keys of a list', () => {
  it('walk up and down and stop at the ends', () => {
    expect([target('ArrowDown', 0, 3), target('ArrowDown', 2, 3), target('ArrowUp', 0, 3), target('PageDown', 0, 3)]).toEqual([1, 2, 0, 2]);
  });

  it('jump to the ends', () => {
    expect([target('Home', 2, 3), target('End', 0, 3)]).toEqual([0, 2]);
  });

  it('enter the list at its first row', () => {
    expect(target('ArrowDown', -1, 3)).toBe(0);
  });

  it('leave other keys and empty lists alone', () => {
    expect([target('a', 0, 3), target('ArrowDown', -1, 0)]).toEqual([null, null]);
  });
});
