/** REST under /api/v1: cookie session, CSRF token on every change, errors by code. Nothing else in the page calls fetch. */
import { ApiError, readError } from './errors';

const BASE = '/api/v1';
/** Where a 401 is the answer itself, not news. */
const ASKS_WHO = new Set(['/login', '/session', '/setup']);
let csrf = '';
let signedOut: () => void = () => undefined;

/** The token comes with the session (GET /session, POST /login) and lives in memory only. */
export function setCsrf(token: string): void {
  csrf = token;
}

/** Called once whenever the server says that the session is over. */
export function onSignedOut(listener: () => void): void {
  signedOut = listener;
}

type Query = Readonly<Record<string, string | number | boolean | null | undefined>>;

function url(path: string, query?: Query): string {
  const pairs = Object.entries(query ?? {}).filter(([, value]) => value !== undefined && value !== null && value !== '');
  const search = new URLSearchParams(pairs.map(([key, value]) => [key, String(value)]));
  return search.size > 0 ? `${BASE}${path}?${search.toString()}` : `${BASE}${path}`;
}

async function send<T>(method: string, path: string, options: { query?: Query; body?: unknown; signal?: AbortSignal } = {}): Promise<T> {
  const headers: Record<string, string> = { Accept: 'application/json' };
  if (method !== 'GET') headers['X-CSRF-Token'] = csrf;
  if (options.body !== undefined) headers['Content-Type'] = 'application/json';
  let response: Response;
  try {
    response = await fetch(url(path, options.query), {
      method,
      headers,
      credentials: 'same-origin',
      body: options.body === undefined ? undefined : JSON.stringify(options.body),
      signal: options.signal,
    });
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === 'AbortError') throw cause;
    throw new ApiError('server_away');
  }
  const text = await response.text();
  const body = parse(text);
  if (response.ok) return body as T;
  if (response.status === 401 && !ASKS_WHO.has(path)) signedOut();
  throw readError(body, response.status);
}

function parse(text: string): unknown {
  try {
    return text === '' ? null : JSON.parse(text);
  } catch {
    return null;
  }
}

export const api = {
  get: <T>(path: string, query?: Query, signal?: AbortSignal): Promise<T> => send<T>('GET', path, { query, signal }),
  post: <T>(path: string, body: unknown = {}): Promise<T> => send<T>('POST', path, { body }),
  patch: <T>(path: string, body: unknown): Promise<T> => send<T>('PATCH', path, { body }),
  url,
};
