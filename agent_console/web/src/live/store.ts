/** The live store: the server's picture plus the state of the line to it. Fed by one Connection; pages only read. */
import type { QueryClient } from '@tanstack/react-query';
import { create } from 'zustand';
import { api } from '@/api/client';
import { ApiError } from '@/api/errors';
import type { Agent } from '@/api/agents';
import type { Call } from '@/api/calls';
import type { CommandName, Commands } from '@/api/commands';
import { learnOffset, serverNow } from '@/clock/ticker';
import { listenForUse, takeUse } from './activity';
import { Connection, REPLACED } from './connection';
import { Hints } from './hints';
import type { Incoming } from './messages';
import { normal } from './normal';
import { Pace } from './pace';
import { EMPTY, reduce, type Live } from './reducer';

export interface Line {
  readonly state: 'off' | 'connecting' | 'open' | 'lost' | 'over' | 'replaced';
  readonly attempt: number;
  readonly retryAt: number | null;
  readonly lostAt: number | null;
  /** When the last frame of the server came, on the server's clock. */
  readonly heardAt: number;
}

interface Store {
  readonly live: Live;
  readonly line: Line;
}

const OFF: Line = { state: 'off', attempt: 0, retryAt: null, lostAt: null, heardAt: 0 };

export const useLiveStore = create<Store>(() => ({ live: EMPTY, line: OFF }));

let connection: Connection | null = null;

/** Below what anybody sees, and long enough for the INVITE that follows an offer. */
const DRAW_TOGETHER_MS = 60;
const pace = new Pace<Incoming>(draw, DRAW_TOGETHER_MS);

/** The line has news of a call: draw it together with what the server said of it. */
export const drawNow = (): void => pace.now();

function hear(message: Incoming, hints: Hints): void {
  if (message.type === 'beat') learnOffset(Date.parse(message.at));
  if (message.type === 'hint') hints.of(message.resource);
  if (message.type === 'snapshot' && useLiveStore.getState().live.loaded) hints.missed();
  // A hidden page has slow timers and draws nothing.
  if ((message.type === 'delta' || message.type === 'pop') && !document.hidden) pace.soon(message);
  else pace.now(message);
}

/** Frames that carry no news only move `heardAt`, and that at most once in a quarter of a second: nobody draws for a beat. */
function draw(together: readonly Incoming[]): void {
  const { live, line } = useLiveStore.getState();
  const next = together.reduce((picture, message) => reduce(picture, normal(message)), live);
  const now = serverNow();
  useLiveStore.setState({
    live: next,
    line: line.state === 'open' && now - line.heardAt < 250 ? line : { ...line, state: next.loaded ? 'open' : line.state, heardAt: now, lostAt: null, retryAt: null, attempt: 0 },
  });
  if (next.gap) connection?.reconnect();
}

/** A page that comes back gives its id and stays that page: the core never hears that it was away. */
const askTicket = async (): Promise<string> => (await api.post<{ ticket: string }>('/stream-ticket', { page: useLiveStore.getState().live.page ?? '' })).ticket;

export function startLive(queries: QueryClient, firstTicket: string | null = null): () => void {
  let brought = firstTicket;
  const takeTicket = (): Promise<string> => {
    const ticket = brought;
    brought = null;
    return ticket === null ? askTicket() : Promise.resolve(ticket);
  };
  const deaf = listenForUse();
  const hints = new Hints(queries);
  const scheme = location.protocol === 'https:' ? 'wss' : 'ws';
  connection = new Connection({
    ticket: takeTicket,
    url: (ticket) => `${scheme}://${location.host}/api/v1/stream?ticket=${encodeURIComponent(ticket)}`,
    used: takeUse,
    ears: {
      message: (message) => hear(message, hints),
      open: () => undefined,
      lost: (attempt, retryAt, code) => {
        pace.now();
        useLiveStore.setState(({ line }) => ({
          line: { ...line, state: code === REPLACED ? 'replaced' : retryAt === null ? 'over' : 'lost', attempt, retryAt, lostAt: line.lostAt ?? serverNow() },
        }));
      },
    },
  });
  useLiveStore.setState({ live: EMPTY, line: { ...OFF, state: 'connecting' } });
  connection.start();
  return () => {
    deaf();
    connection?.stop();
    connection = null;
    pace.drop();
    hints.drop();
    useLiveStore.setState({ live: EMPTY, line: OFF });
  };
}

export const reconnectNow = (): void => connection?.reconnect();

export function command<N extends CommandName>(name: N, args: Commands[N]): Promise<unknown> {
  return connection ? connection.command(name, args) : Promise.reject(new ApiError('server_away'));
}

export const dismissDue = (id: string): void =>
  useLiveStore.setState(({ live }) => ({ live: { ...live, due: live.due.filter((callback) => callback.id !== id) } }));

// -- what pages read ------------------------------------------------------------------------------------------------

export const useAgents = (): Live['agents'] => useLiveStore((s) => s.live.agents);
export const useCalls = (): Live['calls'] => useLiveStore((s) => s.live.calls);
export const useQueueFigures = (): Live['queues'] => useLiveStore((s) => s.live.queues);
export const useSwitches = (): Live['switches'] => useLiveStore((s) => s.live.switches);
export const useAgent = (id: string | null | undefined): Agent | null => useLiveStore((s) => (id ? (s.live.agents[id] ?? null) : null));
export const useCall = (id: string | null | undefined): Call | null => useLiveStore((s) => (id ? (s.live.calls[id] ?? null) : null));
export const useLoaded = (): boolean => useLiveStore((s) => s.live.loaded);
export const useLine = (): Line => useLiveStore((s) => s.line);

/** The api is reached and the api reaches the core: only then may anything but the bare line be used. */
export const useCoreUp = (): boolean => useLiveStore((s) => s.line.state === 'open' && s.live.core.up);
