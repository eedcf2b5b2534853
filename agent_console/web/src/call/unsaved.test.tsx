// @vitest-environment happy-dom
import { act, renderHook } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { emptyAll } from '@/drafts/kept';
import { aCall } from '@/live/sample';
import { change, forget, inHand, markSent, setIntake, setWrapUp, useUnsaved } from './drafts';

const talked = (id: string, started_at = '2026-11-23T06:28:00Z') => ({ agent: 'agt-1', call: aCall({ id, started_at }), name: '周建国' });
const unsaved = (agent: string | null, current: string | null = null) => renderHook(() => useUnsaved(agent, current));
const ids = (hook: ReturnType<typeof unsaved>) => hook.result.current.map(({ call }) => call.id);

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  emptyAll();
  vi.useRealTimers();
});

describe('what was typed for a call and not saved', () => {
  it('is named, the newest call first', () => {
    for (const [id, at] of [['c-1', '2026-11-23T06:28:00Z'], ['c-2', '2026-11-23T06:40:00Z']] as const) {
      inHand(talked(id, at));
      setIntake(id, 'note', '漏水');
    }
    expect(ids(unsaved('agt-1'))).toEqual(['c-2', 'c-1']);
  });

  it('is not the call in hand', () => {
    inHand(talked('c-1'));
    setIntake('c-1', 'note', '漏水');
    expect(ids(unsaved('agt-1', 'c-1'))).toEqual([]);
  });

  it('is nothing when nothing was typed: who was picked is in the record of the call', () => {
    inHand(talked('c-1'));
    change('c-1', (draft) => ({ ...draft, owner: 'o-1' }));
    expect(ids(unsaved('agt-1'))).toEqual([]);
  });

  it('is a disposition, too', () => {
    inHand(talked('c-1'));
    setWrapUp('c-1', { disposition: 'solved' });
    expect(ids(unsaved('agt-1'))).toEqual(['c-1']);
  });

  it('is gone when it is saved or thrown away', () => {
    inHand(talked('c-1'));
    setIntake('c-1', 'note', '漏水');
    const hook = unsaved('agt-1');
    act(() => forget('c-1'));
    expect(ids(hook)).toEqual([]);
  });

  it('is no more what the server has while the core was away, until it is changed again', () => {
    inHand(talked('c-1'));
    setIntake('c-1', 'note', '漏水');
    const hook = unsaved('agt-1');
    act(() => markSent('c-1'));
    expect(ids(hook)).toEqual([]);
    act(() => setIntake('c-1', 'note', '漏水，已关阀'));
    expect(ids(hook)).toEqual(['c-1']);
  });

  it('is not shown to the next person at the tab', () => {
    inHand(talked('c-1'));
    setIntake('c-1', 'note', '漏水');
    expect(ids(unsaved('agt-2'))).toEqual([]);
  });

  it('is there after a reload of the page', async () => {
    inHand(talked('c-1'));
    setIntake('c-1', 'note', '漏水');
    vi.advanceTimersByTime(400);
    vi.resetModules();
    const anew = await import('./drafts');
    expect(renderHook(() => anew.useUnsaved('agt-1', null)).result.current).toMatchObject([{ call: { id: 'c-1' }, name: '周建国' }]);
  });

  it('takes along what is known of its call later', () => {
    setIntake('c-1', 'note', '漏水');
    inHand(talked('c-1'));
    inHand({ ...talked('c-1'), name: '周建军' });
    expect(unsaved('agt-1').result.current).toMatchObject([{ name: '周建军' }]);
  });

  it('is nothing of a call that was only offered', () => {
    setIntake('c-1', 'note', '漏水');
    expect(ids(unsaved('agt-1'))).toEqual([]);
  });

  it('leaves nothing of its call in the tab when it is saved, nor while nothing is typed', () => {
    inHand(talked('c-1'));
    vi.advanceTimersByTime(400);
    expect(sessionStorage).toHaveLength(0);
    setIntake('c-1', 'note', '漏水');
    vi.advanceTimersByTime(400);
    forget('c-1');
    expect(sessionStorage).toHaveLength(0);
  });

  it('is gone at the log-out, with what was about to be kept', () => {
    inHand(talked('c-1'));
    setIntake('c-1', 'note', '漏水');
    emptyAll();
    vi.advanceTimersByTime(400);
    expect(ids(unsaved('agt-1'))).toEqual([]);
    expect(sessionStorage).toHaveLength(0);
  });
});
