// @vitest-environment happy-dom
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
