// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { openEarly, SipSocket } from './sip_socket';

class Wire {
  static readonly CONNECTING = 0;
  static readonly OPEN = 1;
  static readonly CLOSED = 3;
  static all: Wire[] = [];
  readyState = Wire.CONNECTING;
  sent: unknown[] = [];
  onopen: (() => void) | null = null;
  onclose: ((event: { wasClean: boolean; code: number; reason: string }) => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;

  constructor(
    readonly url: string,
    readonly protocol: string,
  ) {
    Wire.all.push(this);
  }

  opens(): void {
    this.readyState = Wire.OPEN;
    this.onopen?.();
  }

  close(): void {
    this.readyState = Wire.CLOSED;
    this.onclose?.({ wasClean: true, code: 1000, reason: '' });
  }

  send(data: unknown): void {
    this.sent.push(data);
  }
}

const line = () => {
  const socket = new SipSocket();
  const heard: string[] = [];
  socket.onconnect = () => void heard.push('connected');
  socket.ondisconnect = (error, code) => void heard.push(`gone ${error} ${code}`);
  socket.ondata = (data) => void heard.push(String(data));
  return { socket, heard };
};
const turn = () => Promise.resolve();

beforeEach(() => {
  vi.useFakeTimers();
  Wire.all = [];
  vi.stubGlobal('WebSocket', Wire);
});
afterEach(() => {
  vi.runAllTimers();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test('a line without an early socket opens its own', () => {
  const { socket, heard } = line();
  socket.connect();
  expect(Wire.all.map((wire) => wire.protocol)).toEqual(['sip']);
  expect(socket.send('REGISTER')).toBe(false);
  Wire.all[0]?.opens();
  Wire.all[0]?.onmessage?.({ data: 'SIP/2.0 200 OK' });
  expect(socket.send('REGISTER')).toBe(true);
  expect(heard).toEqual(['connected', 'SIP/2.0 200 OK']);
});

test.each([true, false])('an early socket is taken once, open already: %s', async (already) => {
  openEarly();
  if (already) Wire.all[0]?.opens();
  const { socket, heard } = line();
  socket.connect();
  if (!already) Wire.all[0]?.opens();
  await turn();
  expect(heard).toEqual(['connected']);
  line().socket.connect();
  expect(Wire.all.length).toBe(2);
});

test('an early socket that has ended is not taken', () => {
  openEarly();
  Wire.all[0]?.close();
  line().socket.connect();
  expect(Wire.all.length).toBe(2);
});

test('nobody keeps an early socket that no line took', () => {
  openEarly();
  Wire.all[0]?.opens();
  vi.advanceTimersByTime(5_000);
  expect(Wire.all[0]?.readyState).toBe(Wire.CLOSED);
});

test('a taken one is not closed by that', () => {
  openEarly();
  const { socket } = line();
  socket.connect();
  Wire.all[0]?.opens();
  vi.advanceTimersByTime(5_000);
  expect(socket.isConnected()).toBe(true);
});

test('a socket that was left says nothing more', () => {
  const { socket, heard } = line();
  socket.connect();
  Wire.all[0]?.opens();
  socket.disconnect();
  expect(heard).toEqual(['connected']);
  socket.connect();
  Wire.all[1]?.close();
  expect(heard).toEqual(['connected', 'gone false 1000']);
});
