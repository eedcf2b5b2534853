// @vitest-environment happy-dom
import { render, screen } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { anAgent } from '@/live/sample';
import { frame, inLanguage } from '@/test_frame';
import { SignedOff } from './SignedOff';

describe.each([
  ['zh-CN', '暂时不知道您的状态', '您还没有开始上班', '班前检查'],
  ['en', 'Your state is not known yet', 'Your shift has not begun', 'Pre-shift check'],
] as const)('an agent without a call, in %s', (language, unknown, notBegun, check) => {
  it('is told that nobody knows his state while the server has not reached its core', async () => {
    await inLanguage(language, 'desk');
    render(<SignedOff my={{ agent: null, coreUp: false }} />, { wrapper: frame() });
    expect(screen.getByText(unknown)).toBeTruthy();
    expect(screen.queryByText(notBegun)).toBeNull();
    expect(screen.queryByRole('button', { name: check })).toBeNull();
  });

  it.each([{ agent: null, coreUp: true }, { agent: anAgent({ state: 'LOGGED_OUT' }), coreUp: false }])('is sent to the check when it is known that he is not at work: %o', async (my) => {
    await inLanguage(language, 'desk');
    render(<SignedOff my={my} />, { wrapper: frame() });
    expect(screen.getByText(notBegun)).toBeTruthy();
    expect(screen.getByRole('button', { name: check })).toBeTruthy();
  });
});
