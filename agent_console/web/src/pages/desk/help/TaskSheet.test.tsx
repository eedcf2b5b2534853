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
