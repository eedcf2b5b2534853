// @vitest-environment happy-dom
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { fireEvent, render, screen, waitFor } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Owner } from '@/api/owners';
import { emptyAll } from '@/drafts/kept';
import { frame, inLanguage } from '@/test_frame';
import { EditOwner } from './EditOwner';
import { merged } from './phone_fields';

const phone = (e164: string) => ({ id: `p${e164}`, e164, label: 'mobile' });
const owner = (version: number, phones: readonly string[], over: Partial<Owner> = {}): Owner => ({
  id: 'o-1', name: 'Zhou', level: 'gold', district: 'B', note: 'old', phones: phones.map(phone), properties: [], equipment: [], open_tickets: [], callbacks: [], version, ...over,
});
const FIRST = '+8613800000101';
const HIS = '+8613800000102';
const began = owner(3, [FIRST]);
const changed = owner(4, [FIRST, HIS], { note: 'his words' });

/** What was sent to change the owner, in order; the first is refused when the version is not the newest. */
function server(latest: Owner) {
  const sent: Record<string, unknown>[] = [];
  vi.stubGlobal('fetch', (_url: string, init: RequestInit) => {
    if (init.method === 'GET') return Promise.resolve(new Response(JSON.stringify(latest)));
    const body = JSON.parse(init.body as string) as Record<string, unknown>;
    sent.push(body);
    const fits = body.version === latest.version;
    return Promise.resolve(new Response(JSON.stringify(fits ? { ...latest, version: latest.version + 1 } : { error: { code: 'conflict', params: {} } }), { status: fits ? 200 : 409 }));
  });
  return sent;
}

const Frame = frame();
const queries = new QueryClient({ defaultOptions: { queries: { retry: false } } });
const form = (shown: Owner, onClose = vi.fn()) => (
  <Frame>
    <QueryClientProvider client={queries}>
      <EditOwner owner={shown} onClose={onClose} />
    </QueryClientProvider>
  </Frame>
);

beforeEach(async () => {
  await inLanguage('en', 'owners');
  queries.setQueryData(['session'], { user: { login: 'linyue' } });
});
afterEach(() => {
  emptyAll();
  vi.unstubAllGlobals();
});

describe('an owner whom a colleague changes while he is edited here', () => {
  it('is saved with the version that the form began with', async () => {
    const sent = server(changed);
    const page = render(form(began));
    fireEvent.change(screen.getByLabelText(/^Number/), { target: { value: '+8613800000199' } });
    page.rerender(form(changed));
    fireEvent.click(screen.getByRole('button', { name: 'Save' }));
    await screen.findByText(/Someone has just changed|just changed/);
    expect(sent[0]?.version).toBe(3);
  });

  it('keeps both numbers once the latest is loaded, shows the note that is on record, and leads on to saving', async () => {
    const sent = server(changed);
    const page = render(form(began));
    fireEvent.change(screen.getByLabelText('Note'), { target: { value: 'my words' } });
    fireEvent.click(screen.getByRole('button', { name: 'Add a number' }));
    fireEvent.change(screen.getAllByLabelText(/^Number/)[1] as HTMLElement, { target: { value: '+8613800000199' } });
    page.rerender(form(changed));
    fireEvent.click(screen.getByRole('button', { name: 'Save' }));
    fireEvent.click(await screen.findByRole('button', { name: /latest/i }));
    expect(await screen.findByText('On record now: his words')).toBeTruthy();
    expect(document.activeElement).toBe(screen.getByRole('button', { name: 'Save' })); // the button that was pressed is gone
    fireEvent.click(screen.getByRole('button', { name: 'Save' }));
    await waitFor(() => expect(sent).toHaveLength(2));
    expect(sent[1]).toMatchObject({ version: 4, note: 'my words', phones: [FIRST, '+8613800000199', HIS].map((number) => ({ number, label: 'mobile' })) });
  });
});

describe('numbers that two people edit', () => {
  const fields = (...numbers: string[]) => numbers.map((number) => ({ key: number, number, label: '' }));
  const numbers = (...args: Parameters<typeof merged>) => merged(...args).map((field) => field.number);

  it('are those typed here and those added there', () => {
    expect(numbers(fields('+1', '+9'), ['+1'], [phone('+1'), phone('+2')])).toEqual(['+1', '+9', '+2']);
  });

  it('are not those removed on either side', () => {
    expect(numbers(fields('+1', '+9'), ['+1', '+2', '+3'], [phone('+2'), phone('+3')])).toEqual(['+9']);
  });

  it('are not doubled when both added the same', () => {
    expect(numbers(fields('+1', '+86 138'), ['+1'], [phone('+1'), phone('+86138')])).toEqual(['+1', '+86 138']);
  });
});
