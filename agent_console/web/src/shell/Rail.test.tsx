// @vitest-environment happy-dom
import { fireEvent, render, screen, waitFor } from '@testing-library/react';
import { useLocation } from 'react-router';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { frame, inLanguage } from '@/test_frame';
import { Rail } from './Rail';

const Here = () => <p data-testid="here">{useLocation().pathname}</p>;
const here = () => screen.getByTestId('here').textContent;

async function signOut(answer: () => Promise<Response>): Promise<void> {
  vi.stubGlobal('fetch', answer);
  render(<><Rail onFind={() => undefined} onKeys={() => undefined} /><Here /></>, { wrapper: frame() });
  fireEvent.click(screen.getByRole('button', { name: /linyue/ }));
  fireEvent.click(await screen.findByRole('menuitem', { name: 'Sign out' }));
}
const says = (status: number, code = '') => () => Promise.resolve(new Response(status === 204 ? null : JSON.stringify({ error: { code, params: {} } }), { status }));

beforeEach(async () => {
  await inLanguage('en', 'shell');
  sessionStorage.setItem('carillon.draft.c-1', '{}');
});
afterEach(() => vi.unstubAllGlobals());

describe('signing out', () => {
  it.each([['done', says(204)], ['over already', says(401, 'not_signed_in')]])('leads to the log-in when it is %s', async (_what, answer) => {
    await signOut(answer);
    await waitFor(() => expect(here()).toBe('/login'));
    expect(sessionStorage).toHaveLength(0);
  });

  it.each([
    ['refused', says(403, 'bad_csrf')],
    ['answered by a fault', says(500, 'internal')],
    ['not heard', () => Promise.reject(new TypeError('no network'))],
  ])('says that one is still signed in when it is %s', async (_what, answer) => {
    await signOut(answer);
    expect((await screen.findByRole('alert')).textContent).toContain('Not signed out yet: try again.');
    expect(here()).toBe('/');
    expect(sessionStorage).toHaveLength(1);
  });
});
