/** Words that nobody has saved yet, in this tab's session storage: a reload, a lost line or a session that ends keeps them, closing
 *  the tab does not. Written a moment after the last key. */
const PREFIX = 'carillon.draft.';
const LATER_MS = 300;

const timers = new Map<string, ReturnType<typeof setTimeout>>();
const emptied: (() => void)[] = [];

/** What was kept under this name, or null. */
export function read(name: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(sessionStorage.getItem(PREFIX + name) ?? 'null');
    return typeof value === 'object' && value !== null ? { ...value } : null;
  } catch {
    return null;
  }
}

/** False: storage is full or forbidden, the words stay on the page only. */
export function write(name: string, value: object): boolean {
  try {
    sessionStorage.setItem(PREFIX + name, JSON.stringify(value));
    return true;
  } catch {
    return false;
  }
}

/** The names under which something is kept in this tab. */
export const keptNames = (): readonly string[] => Object.keys(sessionStorage).filter((key) => key.startsWith(PREFIX)).map((key) => key.slice(PREFIX.length));

/** Run a moment after the last call for this name. */
export function later(name: string, run: () => void): void {
  clearTimeout(timers.get(name));
  timers.set(name, setTimeout(run, LATER_MS));
}

/** Saved or given up. */
export function drop(name: string): void {
  clearTimeout(timers.get(name));
  timers.delete(name);
  sessionStorage.removeItem(PREFIX + name);
}

/** Whoever holds such words on the page lets them go at the log-out, too. */
export const whenEmptied = (run: () => void): void => void emptied.push(run);

/** Log-out: nothing that was typed stays for the next person, neither what is kept nor what was about to be. */
export function emptyAll(): void {
  for (const timer of timers.values()) clearTimeout(timer);
  timers.clear();
  for (const name of keptNames()) sessionStorage.removeItem(PREFIX + name);
  for (const run of emptied) run();
}
