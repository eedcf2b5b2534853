import { describe, expect, it } from 'vitest';
import { aCall, anAgent } from '@/live/sample';
import type { Incoming, Pop } from './messages';
import { EMPTY, reduce, type Live } from './reducer';

const snapshot: Incoming = {
  type: 'snapshot',
  seq: 7,
  page: 'p-1',
  core: true,
  entities: { agent: [anAgent()], call: [aCall()], queue: [], switch: [] },
};
const pop = (over: Partial<Pop> = {}): Pop => ({ nonce: 'n', offer: 'o-1', call: aCall(), candidates: [], reasons: [], ring_seconds: 15, ...over });
const after = (...messages: Incoming[]): Live => messages.reduce(reduce, EMPTY);

describe('the picture of the server', () => {
  it('begins with a snapshot', () => {
    const live = after(snapshot);
    expect(live).toMatchObject({ seq: 7, page: 'p-1', loaded: true, core: { up: true } });
    expect(Object.keys(live.calls)).toEqual(['call-1']);
  });

  it('follows numbered deltas', () => {
    const live = after(snapshot, { type: 'delta', seq: 8, changes: [{ kind: 'agent', id: 'agt-1024', value: anAgent({ state: 'AUX' }) }] });
    expect(live.agents['agt-1024']?.state).toBe('AUX');
    expect(live.seq).toBe(8);
  });

  it('forgets what is gone', () => {
    expect(after(snapshot, { type: 'delta', seq: 8, changes: [{ kind: 'call', id: 'call-1', value: null }] }).calls).toEqual({});
  });

  it('takes no delta after a gap and says so', () => {
    const live = after(snapshot, { type: 'delta', seq: 9, changes: [{ kind: 'call', id: 'call-1', value: null }] });
    expect(live.gap).toBe(true);
    expect(live.calls['call-1']).toBeDefined();
  });

  it('is whole again after the next snapshot', () => {
    expect(after(snapshot, { type: 'delta', seq: 9, changes: [] }, snapshot).gap).toBe(false);
  });

  it('keeps the pop while its call is alive', () => {
    const live = after(snapshot, { type: 'pop', ...pop() }, { type: 'delta', seq: 8, changes: [{ kind: 'call', id: 'call-1', value: aCall({ state: 'talking' }) }] });
    expect(live.pop?.call.state).toBe('talking');
  });

  it('drops the pop with its call', () => {
    expect(after(snapshot, { type: 'pop', ...pop() }, { type: 'delta', seq: 8, changes: [{ kind: 'call', id: 'call-1', value: null }] }).pop).toBeNull();
  });

  it('drops the pop when the offer ended unanswered, and keeps it when it was answered', () => {
    expect(after(snapshot, { type: 'pop', ...pop() }, { type: 'pop_end', offer: 'o-1', why: 'no_answer' }).pop).toBeNull();
    expect(after(snapshot, { type: 'pop', ...pop() }, { type: 'pop_end', offer: 'o-1', why: 'answered' }).pop).not.toBeNull();
    expect(after(snapshot, { type: 'pop', ...pop() }, { type: 'pop_end', offer: 'o-0', why: 'no_answer' }).pop).not.toBeNull();
  });

  it('knows since when the core is away', () => {
    expect(after(snapshot, { type: 'core', up: false, since: '2026-11-23T06:31:44Z' }).core).toEqual({ up: false, since: '2026-11-23T06:31:44Z' });
  });

  it('shows a due callback once, until it is dialled', () => {
    const callback = { id: 'cb-1', owner: null, owner_name: null, number: '+861', due_at: '', note: null, agent: null, state: 'open' as const, ticket: null, call: null };
    expect(after({ type: 'callback_due', callback }, { type: 'callback_due', callback }).due).toHaveLength(1);
    const dialled = { kind: 'call' as const, id: 'call-2', value: aCall({ id: 'call-2', direction: 'out', callback: 'cb-1' }) };
    expect(after(snapshot, { type: 'callback_due', callback }, { type: 'delta', seq: 8, changes: [dialled] }).due).toEqual([]);
  });

  it('lets a callback go that somebody changed, and takes it again when the server says so', () => {
    const callback = { id: 'cb-1', due_at: '2026-03-02T09:00:00Z' } as never;
    const due = reduce(EMPTY, { type: 'callback_due', callback });
    expect(due.due).toHaveLength(1);
    expect(reduce(due, { type: 'hint', resource: 'tickets', id: 'cb-1' }).due).toHaveLength(1);
    const gone = reduce(due, { type: 'hint', resource: 'callbacks', id: 'cb-1' });
    expect(gone.due).toHaveLength(0);
    expect(reduce(gone, { type: 'callback_due', callback }).due).toHaveLength(1);
  });

  it('does not remind of a callback that is being made', () => {
    const calling = { ...EMPTY, calls: { c: aCall({ id: 'c', callback: 'cb-1' }) } };
    const message = { type: 'callback_due', callback: { id: 'cb-1', due_at: '2026-03-02T09:00:00Z' } as never } as const;
    expect(reduce(calling, message).due).toHaveLength(0);
  });
});
