// @vitest-environment happy-dom
import { QueryClient } from '@tanstack/react-query';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { startLive } from './store';

/** The server's end of the page's socket. */
class Wire extends EventTarget {
  static readonly OPEN = 1;
  static all: Wire[] = [];
  readyState = 1;
  constructor(readonly url: string) {
    super();
    Wire.all.push(this);
  }
  send(): void {
    return undefined;
  }
  close(code = 1000): void {
    this.dispatchEvent(Object.assign(new Event('close'), { code }));
  }
  say(message: unknown): void {
    this.dispatchEvent(new MessageEvent('message', { data: JSON.stringify(message) }));
  }
}

const SNAPSHOT = { type: 'snapshot', seq: 1, page: 'p', core: true, entities: {} };
const queries = new QueryClient();
const hint = (resource: string) => Wire.all.at(-1)?.say({ type: 'hint', resource, id: 'x' });
let asked: string[] = [];
let stop = (): void => undefined;

async function connected(): Promise<void> {
  await vi.advanceTimersByTimeAsync(0);
  Wire.all.at(-1)?.dispatchEvent(new Event('open'));
  Wire.all.at(-1)?.say(SNAPSHOT);
  await vi.advanceTimersByTimeAsync(100);
}

beforeEach(async () => {
  vi.useFakeTimers();
  vi.stubGlobal('WebSocket', Wire);
  vi.stubGlobal('fetch', () => Promise.resolve(new Response('{"ticket":"t2"}')));
  asked = [];
  vi.spyOn(queries, 'invalidateQueries').mockImplementation((filters) => {
    asked.push(String(filters?.queryKey?.[0]));
    return Promise.resolve();
  });
  stop = startLive(queries, 't1');
  await connected();
});
afterEach(() => {
  stop();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe('the lists of a page', () => {
  it('are not asked for again when its first picture comes', async () => {
    await vi.advanceTimersByTimeAsync(500);
    expect(asked).toEqual([]);
  });

  it('are asked for again when the line is back: hints said meanwhile were lost', async () => {
    Wire.all.at(-1)?.close(1006);
    await vi.advanceTimersByTimeAsync(2_000);
    await connected();
    await vi.advanceTimersByTimeAsync(300);
    expect(asked.sort()).toEqual(['callbacks', 'owners', 'task-sheets', 'tickets']);
  });

  it('are asked for once after a burst of hints', async () => {
    hint('tickets');
    await vi.advanceTimersByTimeAsync(200);
    hint('owners');
    hint('tickets');
    expect(asked).toEqual([]);
    await vi.advanceTimersByTimeAsync(100);
    expect(asked).toEqual(['tickets', 'owners']);
  });

  it('are asked for after each hint that comes later', async () => {
    hint('callbacks');
    await vi.advanceTimersByTimeAsync(300);
    hint('callbacks');
    await vi.advanceTimersByTimeAsync(300);
    expect(asked).toEqual(['callbacks', 'owners', 'callbacks', 'owners']);
  });

  it('are left alone once the page has signed out', async () => {
    hint('tickets');
    stop();
    await vi.advanceTimersByTimeAsync(300);
    expect(asked).toEqual([]);
  });
});
