// @vitest-environment happy-dom
import { fireEvent, render, screen, waitFor } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Ticket } from '@/api/tickets';
import { emptyAll } from '@/drafts/kept';
import { frame, inLanguage } from '@/test_frame';
import { Work } from './Work';

const ticket = (over: Partial<Ticket> = {}): Ticket => ({
  id: 't-1', number: 'T-1', kind: 'request', title: 'x', state: 'handed_over', owner: null, owner_name: null, property: null, equipment: null, symptom: null, since_when: null,
  service_mode: null, priority: 2, note: 'before', holder_role: 'coordinator', holder_agent: null, phone: null, due_at: null, created_at: '2026-11-23T06:00:00Z', created_by: 'u-1', call: null, history: [], version: 4, ...over,
});
const buttons = () => screen.getAllByRole('button').map((button) => button.textContent);

beforeEach(() => inLanguage('en', 'tickets'));
afterEach(() => {
  emptyAll();
  vi.unstubAllGlobals();
});

describe('work on a ticket', () => {
  it('adds a line to the note, and leaves the others to the server', async () => {
    const fetched = vi.fn((_url: string, _init: RequestInit) => Promise.resolve(new Response(JSON.stringify(ticket({ version: 5 })))));
    vi.stubGlobal('fetch', fetched);
    render(<Work ticket={ticket()} />, { wrapper: frame() });
    fireEvent.change(screen.getByLabelText('Add a note'), { target: { value: ' power module ' } });
    fireEvent.click(screen.getByRole('button', { name: 'Keep the note' }));
    await waitFor(() => expect(fetched).toHaveBeenCalled());
    expect(JSON.parse(fetched.mock.calls[0]?.[1].body as string)).toEqual({ version: 4, add_note: 'power module' });
  });

  it('is adding to the note only, for an agent who left a task sheet', () => {
    render(<Work ticket={ticket({ kind: 'task_sheet' })} />, { wrapper: frame() });
    expect(buttons()).toEqual(['Keep the note']);
  });
});
