/** One WebSocket to the api: ticket, snapshot, deltas, beats, commands; comes back by itself until stopped.
 *  A nonce is acknowledged in the message handler itself, before anything is stored or drawn: it proves the page alive. */
import { ApiError, readError } from '@/api/errors';
import type { CommandName, Commands } from '@/api/commands';
import { backoff } from './backoff';
import { readMessage, type Incoming, type Outgoing } from './messages';

export interface Ears {
  readonly message: (message: Incoming) => void;
  readonly open: () => void;
  /** The line is gone; `retryAt` is when the next try starts, null when there will be none (session over, not allowed). */
  readonly lost: (attempt: number, retryAt: number | null, code: number) => void;
}

interface Deps {
  readonly ticket: () => Promise<string>;
  readonly url: (ticket: string) => string;
  readonly ears: Ears;
  readonly chance?: () => number;
  /** Whether somebody used the page since the last beat. */
  readonly used?: () => boolean;
}

interface Waiting {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: ApiError) => void;
  readonly timer: ReturnType<typeof setTimeout>;
}

const BEAT_MS = 1_000;
/** The server beats every second; after this long in silence the socket is taken for dead. */
const SILENCE_MS = 5_000;
const COMMAND_MS = 5_000;
/** The log-in has too many pages: this one stays away until somebody asks for it, or they would push each other out for ever. */
export const REPLACED = 4009;
/** Session over, or this page may not listen: trying again would not help. */
const FINAL_CODES = new Set([4001, 4003]);

export class Connection {
  #socket: WebSocket | null = null;
  #attempt = 0;
  #stopped = true;
  #retry: ReturnType<typeof setTimeout> | null = null;
  #beat: ReturnType<typeof setInterval> | null = null;
  #heardAt = 0;
  #turn = 0;
  readonly #waiting = new Map<string, Waiting>();

  constructor(private readonly deps: Deps) {}

  start(): void {
    if (!this.#stopped) return;
    this.#stopped = false;
    void this.#connect();
  }

  stop(): void {
    this.#stopped = true;
    this.#clearTimers();
    this.#socket?.close(1000);
    this.#socket = null;
    this.#failWaiting();
  }

  /** The agent pressed "try now", or a gap in the numbers asks for a new snapshot. */
  reconnect(): void {
    if (this.#stopped) return;
    this.#clearTimers();
    const old = this.#socket;
    this.#socket = null;
    old?.close(1000);
    void this.#connect();
  }

  /** Runs once on the server whatever the line does: the id makes a repetition harmless. */
  command<N extends CommandName>(name: N, args: Commands[N]): Promise<unknown> {
    const id = crypto.randomUUID();
    return new Promise((resolve, reject) => {
      if (!this.#send({ type: 'command', id, name, args })) {
        reject(new ApiError('server_away'));
        return;
      }
      const timer = setTimeout(() => {
        this.#waiting.delete(id);
        reject(new ApiError('timeout'));
      }, COMMAND_MS);
      this.#waiting.set(id, { resolve, reject, timer });
    });
  }

  async #connect(): Promise<void> {
    this.#attempt += 1;
    const turn = ++this.#turn;
    let ticket: string;
    try {
      ticket = await this.deps.ticket();
    } catch (error) {
      if (turn !== this.#turn) return;
      const over = error instanceof ApiError && error.status === 401;
      this.#lost(over ? 4001 : 1006);
      return;
    }
    // Asked again meanwhile: two sockets of one page would push each other out.
    if (this.#stopped || turn !== this.#turn) return;
    const socket = new WebSocket(this.deps.url(ticket));
    this.#socket = socket;
    socket.addEventListener('open', () => this.#opened(socket));
    socket.addEventListener('message', (event) => this.#heard(socket, event.data));
    socket.addEventListener('close', (event) => {
      if (this.#socket === socket) this.#lost(event.code);
    });
  }

  #opened(socket: WebSocket): void {
    if (this.#socket !== socket) return;
    this.#heardAt = performance.now();
    this.#beat = setInterval(() => {
      if (performance.now() - this.#heardAt > SILENCE_MS) {
        this.reconnect();
        return;
      }
      this.#send(this.deps.used?.() === true ? { type: 'beat', active: true } : { type: 'beat' });
    }, BEAT_MS);
    this.deps.ears.open();
  }

  #heard(socket: WebSocket, frame: unknown): void {
    if (this.#socket !== socket) return;
    const message = readMessage(frame);
    if (message === null) return;
    // The pop of a consult carries no nonce: the engineer's page is asked for no proof.
    if ((message.type === 'pop' || message.type === 'probe') && message.nonce) this.#send({ type: 'ack', nonce: message.nonce });
    this.#heardAt = performance.now();
    if (message.type === 'snapshot') this.#attempt = 0;
    if (message.type === 'reply') this.#settle(message);
    this.deps.ears.message(message);
  }

  #settle(reply: Extract<Incoming, { type: 'reply' }>): void {
    const waiting = this.#waiting.get(reply.id);
    if (!waiting) return;
    this.#waiting.delete(reply.id);
    clearTimeout(waiting.timer);
    if (reply.ok) waiting.resolve(reply.result);
    else waiting.reject(readError(reply.error));
  }

  #lost(code: number): void {
    this.#clearTimers();
    this.#socket = null;
    this.#failWaiting();
    if (this.#stopped) return;
    if (FINAL_CODES.has(code) || code === REPLACED) {
      this.#stopped = code !== REPLACED;
      this.deps.ears.lost(this.#attempt, null, code);
      return;
    }
    const wait = backoff(Math.max(1, this.#attempt), (this.deps.chance ?? Math.random)());
    this.#retry = setTimeout(() => void this.#connect(), wait);
    this.deps.ears.lost(this.#attempt, Date.now() + wait, code);
  }

  #send(message: Outgoing): boolean {
    if (this.#socket?.readyState !== WebSocket.OPEN) return false;
    this.#socket.send(JSON.stringify(message));
    return true;
  }

  #failWaiting(): void {
    for (const { reject, timer } of this.#waiting.values()) {
      clearTimeout(timer);
      reject(new ApiError('server_away'));
    }
    this.#waiting.clear();
  }

  #clearTimers(): void {
    if (this.#retry !== null) clearTimeout(this.#retry);
    if (this.#beat !== null) clearInterval(this.#beat);
    this.#retry = null;
    this.#beat = null;
  }
}
