/** What the api wrote into the page: who is signed in, and a ticket for the first socket. Two round trips less, while a caller waits. */
import type { Session } from './session';

export interface Welcome {
  readonly session: Session;
  readonly ticket: string;
}

/** Null when nobody is signed in, or when the page came from elsewhere (the development server leaves the place as it is). */
export function welcome(page: Document): Welcome | null {
  try {
    const said: unknown = JSON.parse(page.getElementById('welcome')?.textContent ?? 'null');
    return typeof said === 'object' ? (said as Welcome | null) : null;
  } catch {
    return null;
  }
}
