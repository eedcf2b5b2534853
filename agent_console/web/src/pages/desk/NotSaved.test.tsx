// @vitest-environment happy-dom
import { fireEvent, render, screen, waitFor } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { change, draftOf, inHand, isTyped, setIntake, setWrapUp } from '@/call/drafts';
import { emptyAll } from '@/drafts/kept';
import { aCall, anAgent } from '@/live/sample';
import { frame, inLanguage } from '@/test_frame';
import { WithUnsaved } from './NotSaved';

const my = { agent: anAgent(), coreUp: true };
const between = () => render(<WithUnsaved my={my} current={null}>{(panel) => <>{panel}<p>my day</p></>}</WithUnsaved>, { wrapper: frame() });
const answer = (status: number, body: unknown) => vi.fn((_url: string, _init: RequestInit) => Promise.resolve(new Response(JSON.stringify(body), { status })));

const WU_MIN = { id: 'o-7', name: '吴敏', level: null, note: null, phones: [], properties: [], equipment: [], open_tickets: [], callbacks: [], version: 1 };

beforeEach(async () => {
  await inLanguage('en', 'desk');
  vi.stubGlobal('fetch', answer(200, { items: [], next: null }));
  inHand({ agent: 'agt-1024', call: aCall({ id: 'c-1' }), name: '周建国' });
  setIntake('c-1', 'note', 'leak under the sink');
  setWrapUp('c-1', { disposition: 'solved' });
});
afterEach(() => {
  emptyAll();
  vi.unstubAllGlobals();
});

describe('between calls, with words that were not saved', () => {
  it('their call is named beside the day', () => {
    between();
    expect(screen.getByText('Not saved')).toBeTruthy();
    expect(screen.getByText('周建国')).toBeTruthy();
    expect(screen.getByText('my day')).toBeTruthy();
  });

  it('the form is opened again as it was left, and saved by the id of its call', async () => {
    const fetched = answer(200, { ticket: null, callback: null, finished: false });
    vi.stubGlobal('fetch', fetched);
    between();
    fireEvent.click(screen.getByRole('button', { name: 'Open: 周建国' }));
    expect(screen.getByDisplayValue('leak under the sink')).toBeTruthy();
    fireEvent.click(screen.getByRole('button', { name: /^Save/ }));
    await waitFor(() => expect(screen.getByText('my day')).toBeTruthy());
    expect(screen.queryByText('Not saved')).toBeNull();
    const [url, init] = fetched.mock.calls.find(([at]) => at.endsWith('/wrap-up')) ?? [];
    expect(url).toBe('/api/v1/calls/c-1/wrap-up');
    expect(JSON.parse(init?.body as string)).toEqual({ disposition: 'solved', note: 'leak under the sink' });
  });

  it('an owner who is entered on the late form is saved with it', async () => {
    const asked: [string, unknown][] = [];
    vi.stubGlobal('fetch', (url: string, init?: RequestInit) => {
      if (init?.method === 'POST') asked.push([url, JSON.parse(init.body as string)]);
      const found = url.includes('/wrap-up') ? { finished: false } : /owners(\/o-7)?$/.test(url) ? WU_MIN : { items: [], next: null };
      return Promise.resolve(new Response(JSON.stringify(found)));
    });
    between();
    fireEvent.click(screen.getByRole('button', { name: 'Open: 周建国' }));
    fireEvent.change(screen.getByRole('textbox', { name: /^Name/ }), { target: { value: '吴敏' } });
    fireEvent.click(screen.getByRole('button', { name: 'Enter as the caller' }));
    await waitFor(() => expect(draftOf('c-1').owner).toBe('o-7'));
    fireEvent.click(screen.getByRole('button', { name: /^Save/ }));
    await waitFor(() => expect(screen.queryByText('Not saved')).toBeNull());
    expect(asked.at(-1)).toEqual(['/api/v1/calls/c-1/wrap-up', { disposition: 'solved', note: 'leak under the sink', owner: 'o-7' }]);
  });

  it('nothing is said to be saved while the core cannot be told of the owner', async () => {
    vi.stubGlobal('fetch', answer(503, { error: { code: 'core_away', params: {} } }));
    change('c-1', (draft) => ({ ...draft, owner: 'o-7' }));
    between();
    fireEvent.click(screen.getByRole('button', { name: 'Open: 周建国' }));
    fireEvent.click(screen.getByRole('button', { name: /^Save/ }));
    expect(await screen.findByText(/only the core can write down the owner/)).toBeTruthy();
    expect(draftOf('c-1').intake.note).toBe('leak under the sink');
  });

  it('the words stay when saving is refused', async () => {
    vi.stubGlobal('fetch', answer(404, { error: { code: 'no_such_call', params: {} } }));
    between();
    fireEvent.click(screen.getByRole('button', { name: 'Open: 周建国' }));
    fireEvent.click(screen.getByRole('button', { name: /^Save/ }));
    expect(await screen.findByText(/The record of this call is not there yet/)).toBeTruthy();
    expect(draftOf('c-1').intake.note).toBe('leak under the sink');
  });

  it('they are thrown away only when that is said twice', () => {
    between();
    fireEvent.click(screen.getByRole('button', { name: 'Open: 周建国' }));
    fireEvent.click(screen.getByRole('button', { name: 'Throw away' }));
    expect(isTyped(draftOf('c-1'))).toBe(true);
    fireEvent.click(screen.getByRole('button', { name: 'Yes, throw away' }));
    expect(isTyped(draftOf('c-1'))).toBe(false);
    expect(screen.queryByText('Not saved')).toBeNull();
    expect(screen.getByText('my day')).toBeTruthy();
  });
});
