// @vitest-environment happy-dom
import { act, renderHook } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { emptyAll } from '@/drafts/kept';
import { frame } from '@/test_frame';
import { useSheetDraft } from './drafts';
import { EMPTY_DRAFT } from './sheets';

const draft = (sheet: string, login = 'gaolei') => renderHook(() => useSheetDraft(sheet), { wrapper: frame(login) });

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  emptyAll();
  vi.useRealTimers();
});

describe('a diagnosis that is being written', () => {
  it('is there again after a reload of the page', async () => {
    const { result } = draft('t-1');
    act(() => result.current.set({ diagnosis: '电源模块' }));
    vi.advanceTimersByTime(400);
    vi.resetModules();
    const [anew, { frame: ground }] = await Promise.all([import('./drafts'), import('@/test_frame')]);
    expect(renderHook(() => anew.useSheetDraft('t-1'), { wrapper: ground('gaolei') }).result.current.values.diagnosis).toBe('电源模块');
  });

  it('is not shown to the next engineer at the tab', () => {
    const { result } = draft('t-1');
    act(() => result.current.set({ diagnosis: '电源模块' }));
    expect(draft('t-1', 'mengfan').result.current.values).toEqual(EMPTY_DRAFT);
  });

  it('is gone at the log-out', () => {
    const { result } = draft('t-1');
    act(() => result.current.set({ diagnosis: '电源模块' }));
    act(() => emptyAll());
    vi.advanceTimersByTime(400);
    expect(draft('t-1').result.current.values).toEqual(EMPTY_DRAFT);
  });

  it('is gone when the sheet is resolved', () => {
    const { result } = draft('t-1');
    act(() => result.current.set({ diagnosis: '电源模块' }));
    act(() => result.current.drop());
    expect(draft('t-1').result.current.values).toEqual(EMPTY_DRAFT);
  });
});
