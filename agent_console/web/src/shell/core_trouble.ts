/** What the person in front of the page can and cannot do while server or core are away: one word, from which the alarm speaks.
 *  Also before the first snapshot: a page that was opened on a house without a core must say so. */
import type { Line } from '@/live/store';

export type Trouble =
  | 'server' /* nothing of the server is reached */
  | 'call' /* a call on this page's own line */
  | 'elsewhere' /* a call, but its voice is at another page */
  | 'idle' /* the line still rings from the emergency queue */
  | 'cold' /* the line never came up: nothing rings here */
  | 'watch'; /* no line of one's own: figures stand still */

interface Situation {
  readonly line: Line['state'];
  readonly loaded: boolean;
  readonly coreUp: boolean;
  /** The first connection takes longer than it ever should. */
  readonly slow: boolean;
  readonly hasPhone: boolean;
  readonly registered: boolean;
  readonly session: boolean;
  /** The server's last word was that I am in a call. */
  readonly inCall: boolean;
}

export function troubleOf({ line, loaded, coreUp, slow, hasPhone, registered, session, inCall }: Situation): Trouble | null {
  if (coreUp || line === 'off' || line === 'over' || line === 'replaced') return null;
  if (session) return 'call';
  if (hasPhone && inCall && !registered) return 'elsewhere';
  if (hasPhone && registered) return 'idle';
  if (line === 'lost') return 'server';
  if (!loaded) return slow ? 'server' : null;
  return hasPhone ? 'cold' : 'watch';
}
