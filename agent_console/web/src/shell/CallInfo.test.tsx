// @vitest-environment happy-dom
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { render, screen } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import type { Call } from '@/api/calls';
import type { Phase } from '@/call/phase';
import { aCall, anAgent } from '@/live/sample';
import { frame, inLanguage } from '@/test_frame';
import { CallInfo } from './CallInfo';

const consult: Call['consult'] = { engineer: 'agt-2001', state: 'talking', since: '2026-11-23T06:29:00Z' };

async function shown(language: 'zh-CN' | 'en', phase: Phase, over: Partial<Call>, mine = true): Promise<void> {
  await inLanguage(language, 'shell');
  const call = aCall({ answered_at: '2026-11-23T06:28:30Z', ...over });
  const my = { agent: anAgent({ call: call.id }), call, session: null, pop: null, phase, coreUp: true, mine };
  render(<CallInfo my={my} onFind={() => undefined} />, { wrapper: frame() });
}

describe.each([['zh-CN', '录音失败'], ['en', 'not being recorded']] as const)('a call that is not being recorded, in %s', (language, words) => {
  it('says so while one talks', async () => {
    await shown(language, 'talking', { recording: 'failed' });
    expect(screen.getByText(words)).toBeTruthy();
  });

  it.each([true, false])('says so in a consult, to the agent and to the engineer (%s)', async (mine) => {
    await shown(language, mine ? 'consult' : 'talking', { recording: 'failed', consult }, mine);
    expect(screen.getByText(words)).toBeTruthy();
  });

  it('is not claimed of one that is', async () => {
    await shown(language, 'consult', { recording: 'on', consult });
    expect(screen.queryByText(words)).toBeNull();
  });
});

describe('the search in the call bar', () => {
  it.each([
    ['agent', { id: 'agt-1024', number: '1024' }, 'Find an owner or ticket, or dial'],
    ['supervisor', null, 'Find an owner or ticket'],
    ['field_engineer', null, 'Find a ticket'],
    ['admin', null, 'Find a page or command'],
  ] as const)('offers a %s what he may find', async (role, agent, words) => {
    await inLanguage('en', 'shell');
    const queries = new QueryClient({ defaultOptions: { queries: { retry: false, staleTime: Infinity } } });
    queries.setQueryData(['session'], { user: { role }, agent });
    const my = { agent: null, call: null, session: null, pop: null, phase: 'idle' as const, coreUp: true, mine: false };
    const Frame = frame();
    render(<Frame><QueryClientProvider client={queries}><CallInfo my={my} onFind={() => undefined} /></QueryClientProvider></Frame>);
    expect(screen.getByRole('button').textContent).toContain(words);
    expect(screen.getByText(words)).toBeTruthy();
  });
});
