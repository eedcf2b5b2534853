// @vitest-environment happy-dom
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { render, screen } from '@testing-library/react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { frame, inLanguage } from '@/test_frame';
import { History } from './History';

const CALL = { kind: 'call', at: '2026-11-23T06:28:00Z', id: 'c-1', direction: 'in', agent: 'agt-1', disposition: 'solved', queue: 'repairs', wait_s: 1 };

afterEach(() => vi.unstubAllGlobals());

describe('the owner’s last calls', () => {
  it('show on one line what was noted', async () => {
    await inLanguage('en', 'desk');
    vi.stubGlobal('fetch', () => Promise.resolve(new Response(JSON.stringify({ items: [{ ...CALL, note: 'leak under\nthe sink' }, { ...CALL, id: 'c-2', note: null }], next: null }))));
    const queries = new QueryClient({ defaultOptions: { queries: { retry: false, enabled: false } } });
    queries.setQueryData(['queues'], { items: [{ id: 'repairs', name_zh: '报修热线', name_en: 'Repairs' }], next: null });
    const Frame = frame();
    render(<Frame><QueryClientProvider client={queries}><History owner="o-1" /></QueryClientProvider></Frame>);
    const note = await screen.findByText('· leak under the sink');
    expect(note.closest('td')?.title).toBe('Called · Repairs · leak under the sink');
    expect(screen.getAllByRole('link')).toHaveLength(2);
  });
});
