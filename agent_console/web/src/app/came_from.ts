/** Where a log-in leads back to: the place that asked for it, with its search. Kept in the router's state, never in the address. */
interface Place {
  readonly pathname: string;
  readonly search: string;
}

interface CameFrom {
  readonly from: string;
  /** The session ended in the middle of work; the log-in page says so. */
  readonly over?: true;
}

export const cameFrom = ({ pathname, search }: Place, over?: true): CameFrom => ({ from: pathname + search, ...(over && { over }) });

const record = (state: unknown): Record<string, unknown> => (typeof state === 'object' && state !== null ? { ...state } : {});

/** The place to go back to, or null: only an address of our own is followed. */
export function placeOf(state: unknown): string | null {
  const { from } = record(state);
  return typeof from === 'string' && /^\/(?![/\\])./.test(from) ? from : null;
}

export const isOver = (state: unknown): boolean => record(state).over === true;
