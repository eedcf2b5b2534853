import { describe, expect, it } from 'vitest';
import { listenForUse, takeUse } from './activity';

describe('use of the page', () => {
  it('is told once after a key or a pointer', () => {
    const target = new EventTarget();
    listenForUse(target);
    expect(takeUse('/board')).toBe(false);
    target.dispatchEvent(new Event('keydown'));
    expect([takeUse('/board'), takeUse('/board')]).toEqual([true, false]);
    target.dispatchEvent(new Event('pointermove'));
    expect(takeUse('/board')).toBe(true);
  });

  it('is always there on a wallboard', () => {
    expect([takeUse('/wallboard'), takeUse('/wallboard')]).toEqual([true, true]);
  });
});
