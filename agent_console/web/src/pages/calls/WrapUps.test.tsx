// @vitest-environment happy-dom
import { render, screen } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { frame, inLanguage } from '@/test_frame';
import { WrapUps } from './WrapUps';

const AT = '2026-11-23T06:29:00Z';

describe('what was said at the end of a call', () => {
  it('is shown of each who had it, lines kept, and says when nothing was noted', async () => {
    await inLanguage('en', 'calls');
    render(<WrapUps said={[{ agent: 'agt-1024', at: AT, disposition: 'solved', note: 'two\nlines' }, { agent: 'agt-2', at: AT, disposition: 'handed_over', note: '' }]} />, { wrapper: frame() });
    expect(screen.getByText((_text, element) => element?.tagName === 'P' && element.textContent === 'two\nlines')).toBeTruthy();
    expect(screen.getByText('No note')).toBeTruthy();
    expect(screen.getByText('1024')).toBeTruthy();
  });

  it('takes no room when nobody has said anything', async () => {
    await inLanguage('en', 'calls');
    render(<WrapUps said={[]} />, { wrapper: frame() });
    expect(screen.queryByText('Wrap-up')).toBeNull();
  });
});
