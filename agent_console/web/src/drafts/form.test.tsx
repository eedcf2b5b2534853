// @vitest-environment happy-dom
import { act, renderHook } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { frame } from '@/test_frame';
import { useFormDraft, useWasTyped } from './form';

const EMPTY = { name: '', note: '' };
const form = (name: string, login = 'linyue', initial = EMPTY) => renderHook(() => useFormDraft(name, initial), { wrapper: frame(login) });
const wasTyped = (name: string, login = 'linyue') => renderHook(() => useWasTyped(name), { wrapper: frame(login) }).result.current;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('what is typed into a form', () => {
  it('is there again when the person has logged in again', () => {
    const before = form('f-1');
    act(() => before.result.current.set({ name: '周建国' }));
    before.unmount();
    expect(form('f-1').result.current.values).toEqual({ name: '周建国', note: '' });
    expect(wasTyped('f-1')).toBe(true);
  });

  it('is kept in the tab a moment after the last key, for a log-in that loads the page anew', () => {
    const { result } = form('f-2');
    act(() => result.current.set({ name: '周' }));
    act(() => result.current.set({ note: '漏水' }));
    expect(sessionStorage.getItem('carillon.draft.linyue:f-2')).toBeNull();
    vi.advanceTimersByTime(400);
    expect(sessionStorage.getItem('carillon.draft.linyue:f-2')).toBe('{"name":"周","note":"漏水"}');
  });

  it('is read from the tab after a reload', () => {
    sessionStorage.setItem('carillon.draft.linyue:f-3', '{"note":"漏水"}');
    expect(form('f-3').result.current.values).toEqual({ name: '', note: '漏水' });
  });

  it('is not shown to the next person at the tab', () => {
    const { result } = form('f-4');
    act(() => result.current.set({ name: '周建国' }));
    expect(form('f-4', 'heyutong').result.current.values).toEqual(EMPTY);
    expect(wasTyped('f-4', 'heyutong')).toBe(false);
  });

  it('is gone when it is saved or given up, with what was about to be kept', () => {
    const { result } = form('f-5');
    act(() => result.current.set({ name: '周建国' }));
    act(() => result.current.drop());
    vi.advanceTimersByTime(400);
    expect(result.current.values).toEqual(EMPTY);
    expect(sessionStorage.getItem('carillon.draft.linyue:f-5')).toBeNull();
  });

  it('leaves the fields nobody touched to the server', () => {
    const before = form('f-6', 'linyue', { name: '周建国', note: '旧' });
    act(() => before.result.current.set({ name: '周建军' }));
    expect(form('f-6', 'linyue', { name: '周建国', note: '新' }).result.current.values).toEqual({ name: '周建军', note: '新' });
  });
});
