/** The WebSocket under JsSIP (its `Socket` interface; RFC 7118). A page that comes back to its call opens it first of all: the
 *  relay asks for the session alone, so neither JsSIP nor the account has to be there. */
import type { Socket } from 'jssip/lib/Socket';

/** Nobody took it: this page has no line (another tab leads). */
const UNUSED_MS = 5_000;

export const relayAddress = (): string => `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/sip`;

const opened = (): WebSocket => {
  const socket = new WebSocket(relayAddress(), 'sip');
  socket.binaryType = 'arraybuffer';
  return socket;
};

let early: WebSocket | null = null;

/** Begin now; the line that connects next takes it. */
export function openEarly(): void {
  const socket = opened();
  early = socket;
  setTimeout(() => early === socket && takeEarly()?.close(), UNUSED_MS);
}

/** The one that was opened early, unless it has ended since. */
function takeEarly(): WebSocket | null {
  const socket = early;
  early = null;
  return socket !== null && socket.readyState <= WebSocket.OPEN ? socket : null;
}

export class SipSocket implements Socket {
  readonly url = relayAddress();
  readonly sip_uri = `sip:${location.host};transport=ws`;
  via_transport = location.protocol === 'https:' ? 'WSS' : 'WS';
  #ws: WebSocket | null = null;

  // JsSIP puts its own in place of these before it connects.
  onconnect(): void {}
  ondisconnect(_error: boolean, _code?: number, _reason?: string): void {}
  ondata<T>(_event: T): void {}

  connect(): void {
    if (this.isConnected() || this.isConnecting()) return;
    const ws = takeEarly() ?? opened();
    this.#ws = ws;
    const mine = <E>(run: (event: E) => void) => (event: E) => {
      if (this.#ws === ws) run(event);
    };
    const connected = () => {
      if (this.#ws === ws) this.onconnect();
    };
    ws.onclose = mine(({ wasClean, code, reason }: CloseEvent) => this.ondisconnect(!wasClean, code, reason));
    ws.onmessage = mine(({ data }: MessageEvent) => this.ondata(data));
    if (ws.readyState === WebSocket.OPEN) queueMicrotask(connected);
    else ws.onopen = connected;
  }

  disconnect(): void {
    const ws = this.#ws;
    this.#ws = null;
    ws?.close();
  }

  send(message: string | ArrayBufferLike | Blob | ArrayBufferView): boolean {
    if (!this.isConnected()) return false;
    this.#ws?.send(message as string);
    return true;
  }

  isConnected(): boolean {
    return this.#ws?.readyState === WebSocket.OPEN;
  }

  isConnecting(): boolean {
    return this.#ws?.readyState === WebSocket.CONNECTING;
  }
}
