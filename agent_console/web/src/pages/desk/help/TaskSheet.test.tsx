// @vitest-environment happy-dom
import { fireEvent, render, screen, waitFor } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { setIntake, type IntakeField } from '@/call/drafts';
import type { MyCall } from '@/call/use_my_call';
import { emptyAll } from '@/drafts/kept';
import { aCall, anAgent } from '@/live/sample';
import { canPerform, perform } from '@/shell/actions';
import { frame, inLanguage } from '@/test_frame';
import { TaskSheet } from './TaskSheet';

const call = aCall({ id: 'c-1', state: 'talking' });
const my: MyCall = { agent: anAgent(), call, session: null, pop: null, phase: 'talking', coreUp: true, mine: true };
const view = { candidates: [], chosen: 'o-1', owner: null, quick: false };
const SHEET = { id: 't-9', number: 'T-1123-0031', title: '', state: 'handed_over', due_at: null };
let Frame = frame();
const tool = (shown = true) => <Frame>{shown && <TaskSheet my={my} view={view} />}</Frame>;
let posted = 0;
let answer = (): void => undefined;

beforeEach(async () => {
  await inLanguage('en', 'desk');
  for (const field of ['equipment', 'symptom', 'since_when', 'note'] satisfies IntakeField[]) setIntake('c-1', field, 'x');
  posted = 0;
  Frame = frame();
  vi.stubGlobal('fetch', () => {
    posted += 1;
    return new Promise<Response>((done) => (answer = () => done(new Response(JSON.stringify(SHEET), { status: 201 }))));
  });
});
afterEach(() => {
  emptyAll();
  vi.unstubAllGlobals();
});

describe('a task sheet that was sent', () => {
  it('is still shown as sent when its tool is closed and opened again, and cannot be sent twice', async () => {
    const page = render(tool());
    fireEvent.click(screen.getByRole('button', { name: /Leave the task sheet/ }));
    await waitFor(() => expect(posted).toBe(1));
    answer();
    await screen.findByText('Task sheet T-1123-0031 is made');
    page.rerender(tool(false));
    page.rerender(tool());
    expect(screen.getByText('Task sheet T-1123-0031 is made')).toBeTruthy();
    expect(canPerform('finish')).toBe(false);
    expect(screen.getByRole('link', { name: 'Open T-1123-0031' }).getAttribute('href')).toBe('/tickets/t-9');
    expect(posted).toBe(1);
  });

  it('is brought up to the form when the owner adds something', async () => {
    render(tool());
    fireEvent.click(screen.getByRole('button', { name: /Leave the task sheet/ }));
    await waitFor(() => expect(posted).toBe(1));
    answer();
    fireEvent.click(await screen.findByRole('button', { name: 'Send the form again to T-1123-0031' }));
    await waitFor(() => expect(posted).toBe(2));
    answer();
    expect(await screen.findByText('The sheet says what the form says')).toBeTruthy();
  });

  it('is not sent twice while the first is on its way', async () => {
    const page = render(tool());
    fireEvent.click(screen.getByRole('button', { name: /Leave the task sheet/ }));
    await waitFor(() => expect(posted).toBe(1));
    page.rerender(tool(false));
    page.rerender(tool());
    perform('finish');
    answer();
    await screen.findByText('Task sheet T-1123-0031 is made');
    expect(posted).toBe(1);
  });
});

describe('a task sheet for a caller who withheld his number', () => {
  const withheld: MyCall = { ...my, call: { ...call, from: '' } };
  const home = { id: 'o-1', name: '周建国', level: null, note: null, number: '+8613900000002', properties: [], equipment: [], open_tickets: [], callbacks: [] };
  let bodies: { number: string }[] = [];
  const answers = (status: number, body: unknown) => vi.stubGlobal('fetch', (_url: string, init: RequestInit) => {
    bodies.push(JSON.parse(init.body as string) as { number: string });
    return Promise.resolve(new Response(JSON.stringify(body), { status }));
  });
  const send = () => fireEvent.click(screen.getByRole('button', { name: /Leave the task sheet/ }));
  const field = () => screen.getByRole('textbox', { name: /Number to ring/ });
  beforeEach(() => (bodies = []));

  it('asks for a number to ring and is not sent without one', async () => {
    answers(201, SHEET);
    render(<Frame><TaskSheet my={withheld} view={view} /></Frame>);
    expect(screen.getByText('Missing: Number to ring')).toBeTruthy();
    send();
    expect(bodies).toEqual([]);
    expect(document.activeElement).toBe(field());
    fireEvent.change(field(), { target: { value: ' 139 0000 0001 ' } });
    send();
    await screen.findByText('Task sheet T-1123-0031 is made');
    expect(bodies.map((body) => body.number)).toEqual(['139 0000 0001']);
  });

  it('offers the number of the owner’s record, and takes it only when that is said', () => {
    render(<Frame><TaskSheet my={withheld} view={{ ...view, owner: home }} /></Frame>);
    expect(field()).toHaveProperty('value', '');
    fireEvent.click(screen.getByRole('button', { name: /from the owner's record/ }));
    expect(field()).toHaveProperty('value', '+8613900000002');
  });

  it('says why a number is refused, at the field', async () => {
    answers(422, { error: { code: 'invalid_value', params: { field: 'number', reason: 'short_code' } } });
    render(<Frame><TaskSheet my={withheld} view={view} /></Frame>);
    fireEvent.change(field(), { target: { value: '110' } });
    send();
    expect(await screen.findByText('Not acceptable: number (too short to be rung from here).')).toBeTruthy();
    expect(document.activeElement).toBe(field());
  });

  it('asks for none when the call brought one', () => {
    render(tool());
    expect(screen.queryByRole('textbox', { name: /Number to ring/ })).toBeNull();
  });
});
