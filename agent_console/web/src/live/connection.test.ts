// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Connection } from './connection';
import type { Incoming } from './messages';

/** A WebSocket whose other end is the test. */
class Wire extends EventTarget {
  static readonly OPEN = 1;
  static all: Wire[] = [];
  readyState = 0;
  sent: string[] = [];
  constructor(readonly url: string) {
    super();
    Wire.all.push(this);
  }
  send(text: string): void {
    this.sent.push(text);
  }
  close(code = 1000): void {
    this.end(code);
  }
  open(): void {
    this.readyState = 1;
    this.dispatchEvent(new Event('open'));
  }
  say(message: unknown): void {
    this.dispatchEvent(new MessageEvent('message', { data: JSON.stringify(message) }));
  }
  end(code: number): void {
    if (this.readyState === 3) return;
    this.readyState = 3;
    this.dispatchEvent(Object.assign(new Event('close'), { code }));
  }
}

const SNAPSHOT = { type: 'snapshot', seq: 1, page: 'p', core: true, entities: {} };
const flush = () => vi.advanceTimersByTimeAsync(0);
let order: string[] = [];
let lost: [number, number | null, number][] = [];

async function opened(): Promise<{ wire: Wire; line: Connection }> {
  const line = new Connection({
    ticket: () => Promise.resolve('t'),
    url: (ticket) => `ws://test/?ticket=${ticket}`,
    chance: () => 0.5,
    ears: {
      message: (message: Incoming) => order.push(message.type),
      open: () => undefined,
      lost: (...args) => lost.push(args),
    },
  });
  line.start();
  await flush();
  const wire = last();
  wire.open();
  return { wire, line };
}

function last(): Wire {
  const wire = Wire.all.at(-1);
  if (!wire) throw new Error('no socket was opened');
  return wire;
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('WebSocket', Wire);
  Wire.all = [];
  order = [];
  lost = [];
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe('the line to the server', () => {
  it('acknowledges a pop before anybody hears of it', async () => {
    const { wire } = await opened();
    const send = wire.send.bind(wire);
    wire.send = (text) => {
      order.push(text);
      send(text);
    };
    wire.say({ type: 'pop', nonce: 'n-1', offer: 'o', call: {}, candidates: [], reasons: [], ring_seconds: 15 });
    expect(order).toEqual([JSON.stringify({ type: 'ack', nonce: 'n-1' }), 'pop']);
  });

  it('beats once a second', async () => {
    const { wire } = await opened();
    await vi.advanceTimersByTimeAsync(3_100);
    expect(wire.sent.filter((text) => text.includes('beat'))).toHaveLength(3);
  });

  it('comes back after the api was restarted', async () => {
    const { wire } = await opened();
    wire.end(1012);
    expect(lost[0]?.[2]).toBe(1012);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(Wire.all).toHaveLength(2);
  });

  it('waits longer from try to try and begins anew after a snapshot', async () => {
    const { wire } = await opened();
    wire.say(SNAPSHOT);
    wire.end(1006);
    await vi.advanceTimersByTimeAsync(1_000);
    last().end(1006);
    await vi.advanceTimersByTimeAsync(1_000);
    last().end(1006);
    expect(lost.map(([attempt]) => attempt)).toEqual([0, 1, 2]);
  });

  it('does not come back when the session is over', async () => {
    const { wire } = await opened();
    wire.end(4001);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(Wire.all).toHaveLength(1);
    expect(lost[0]?.[1]).toBeNull();
  });

  it('stays away when newer pages took its place, until it is asked for', async () => {
    const { wire, line } = await opened();
    wire.end(4009);
    await vi.advanceTimersByTimeAsync(60_000);
    expect([Wire.all.length, lost[0]?.[1]]).toEqual([1, null]);
    line.reconnect();
    await vi.advanceTimersByTimeAsync(0);
    expect(Wire.all).toHaveLength(2);
  });

  it('takes a silent server for gone', async () => {
    await opened();
    await vi.advanceTimersByTimeAsync(7_000);
    expect(Wire.all.length).toBeGreaterThan(1);
  });

  it('gives a command its answer', async () => {
    const { wire, line } = await opened();
    const answer = line.command('call.hold', { call: 'c' });
    const { id } = JSON.parse(wire.sent.at(-1) ?? '') as { id: string };
    wire.say({ type: 'reply', id, ok: true, result: 5 });
    await expect(answer).resolves.toBe(5);
  });

  it('gives a refused command its code', async () => {
    const { wire, line } = await opened();
    const answer = line.command('call.hold', { call: 'c' });
    const { id } = JSON.parse(wire.sent.at(-1) ?? '') as { id: string };
    wire.say({ type: 'reply', id, ok: false, error: { code: 'wrong_state', params: {} } });
    await expect(answer).rejects.toMatchObject({ code: 'wrong_state' });
  });

  it('fails open commands when the line is lost', async () => {
    const { wire, line } = await opened();
    const answer = line.command('call.hold', { call: 'c' });
    wire.end(1006);
    await expect(answer).rejects.toMatchObject({ code: 'server_away' });
  });
});
