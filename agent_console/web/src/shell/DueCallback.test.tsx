// @vitest-environment happy-dom
import { act, fireEvent, render, screen, waitFor } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Callback } from '@/api/callbacks';
import { ApiError } from '@/api/errors';
import { EMPTY } from '@/live/reducer';
import { anAgent } from '@/live/sample';
import { useLiveStore } from '@/live/store';
import type * as Store from '@/live/store';
import { frame, inLanguage } from '@/test_frame';
import { DueCallback } from './Alarms';

const { command } = vi.hoisted(() => ({ command: vi.fn() }));
vi.mock('@/live/store', async (original) => ({ ...(await original<typeof Store>()), command }));

let nr = 0;
const callback = (over: Partial<Callback> = {}): Callback => ({
  id: `cb-${(nr += 1)}`, owner: 'o-1', owner_name: '沈佳宁', number: '+8613800000777', due_at: '2026-11-23T06:20:00Z', note: '', agent: 'agt-1024', state: 'open', ticket: null, call: null, ...over,
});
const line = { state: 'open', attempt: 0, retryAt: null, lostAt: null, heardAt: 0 } as const;

function due(over: Partial<Callback> = {}) {
  useLiveStore.setState({ line, live: { ...EMPTY, loaded: true, core: { up: true, since: null }, agents: { 'agt-1024': anAgent() }, due: [callback(over)] } });
  return render(<DueCallback />, { wrapper: frame() });
}
const shown = () => screen.queryByText(/Callback due/);

beforeEach(() => inLanguage('en', 'shell'));
afterEach(() => {
  vi.useRealTimers();
  command.mockReset();
});

describe('a callback that has come due', () => {
  it('names its number when the server knows no name', () => {
    due({ owner_name: '' });
    expect(shown()?.textContent).toContain('+86 138 0000 0777');
  });

  it('is done with when the core dials', async () => {
    command.mockResolvedValue({ call: 'c-1' });
    due();
    fireEvent.click(screen.getByRole('button', { name: 'Call' }));
    await waitFor(() => expect(shown()).toBeNull());
  });

  it('stays when dialling was refused', async () => {
    command.mockRejectedValue(new ApiError('disk_low'));
    due();
    fireEvent.click(screen.getByRole('button', { name: 'Call' }));
    await act(() => Promise.resolve());
    expect(shown()).not.toBeNull();
  });

  it('is done with when a colleague was faster', async () => {
    command.mockRejectedValue(new ApiError('taken', { holder: 'agt-1' }));
    due();
    fireEvent.click(screen.getByRole('button', { name: 'Call' }));
    await waitFor(() => expect(shown()).toBeNull());
  });

  it('comes back five minutes after it was put off', () => {
    vi.useFakeTimers();
    due();
    fireEvent.click(screen.getByRole('button', { name: 'Remind me in 5 min' }));
    expect(shown()).toBeNull();
    act(() => void vi.advanceTimersByTime(4 * 60_000 + 50_000));
    expect(shown()).toBeNull();
    act(() => void vi.advanceTimersByTime(12_000));
    expect(shown()).not.toBeNull();
  });
});
