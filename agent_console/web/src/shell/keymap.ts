/** Which key does what. Pure: (event, where the focus is, the user's own chords) → action. Letters are chords with Alt
 *  (Ctrl + Option on macOS, where Option types characters); D, E, F and F4 stay the browser's own. */

export const LETTERS = {
  answer: 'A', mute: 'M', hold: 'H', keypad: 'K', transfer: 'T', record: 'P', hangup: 'X',
  dial: 'C', task: 'J', owner: 'O', callback: 'R', ticket: 'N', state: 'Q',
} as const;
export type LetterAction = keyof typeof LETTERS;
export type Action = LetterAction | 'quick' | 'extend' | 'finish' | 'palette' | 'zone' | 'close' | 'cancel' | 'sheet';
export type Press = { readonly action: Action } | { readonly action: 'pick'; readonly index: number };

/** May be allowed while typing; the rest never acts there. */
const SAFE: ReadonlySet<Action> = new Set<Action>(['answer', 'mute', 'hold']);
const RESERVED = new Set(['D', 'E', 'F']);

export interface KeyPress {
  readonly key: string;
  readonly code: string;
  readonly altKey: boolean;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly shiftKey: boolean;
  readonly isComposing: boolean;
}

export interface Where {
  readonly typing: boolean;
  readonly mac: boolean;
  readonly chords: Readonly<Record<string, string>>;
  readonly safeWhileTyping: boolean;
  /** An overlay or a tool is open: Escape closes it. */
  readonly open?: boolean;
  /** The focus is in an open list or menu of a field, which takes Escape for itself. */
  readonly popup?: boolean;
}

export const letterOf = (action: LetterAction, chords: Where['chords']): string => chords[action] ?? LETTERS[action];

/** Why a letter cannot be given to an action, or null when it can. */
export function refused(action: LetterAction, letter: string, chords: Where['chords']): 'reserved' | 'taken' | null {
  if (!/^[A-Z]$/.test(letter) || RESERVED.has(letter)) return 'reserved';
  const taken = (Object.keys(LETTERS) as LetterAction[]).some((other) => other !== action && letterOf(other, chords) === letter);
  return taken ? 'taken' : null;
}

/** The letter under the finger: the layout's own where it types one, else the place on the keyboard. */
const letterPressed = (press: KeyPress): string =>
  /^[a-z]$/i.test(press.key) ? press.key.toUpperCase() : (/^Key([A-Z])$/.exec(press.code)?.[1] ?? '');

/** Escape closes what is open. With nothing open it takes a consult back, never out of a field: there it was meant for the field. */
function escape({ open = false, popup = false, typing }: Where): Press | null {
  if (open) return { action: 'close' };
  return typing || popup ? null : { action: 'cancel' };
}

function plain(press: KeyPress, where: Where): Press | null {
  if (press.key === 'F6') return { action: 'zone' };
  if (press.key === 'Escape') return escape(where);
  if (press.key === '?' && !where.typing) return { action: 'sheet' };
  return null;
}

function control(press: KeyPress): Press | null {
  if (press.key === 'Enter') return { action: 'finish' };
  return letterPressed(press) === 'K' ? { action: 'palette' } : null;
}

function chord(press: KeyPress, where: Where): Press | null {
  const digit = /^(?:Digit|Numpad)([0-9])$/.exec(press.code)?.[1];
  if (digit !== undefined) return digit === '0' ? { action: 'quick' } : { action: 'pick', index: Number(digit) };
  if (press.key === '+' || press.code === 'Equal' || press.code === 'NumpadAdd') return { action: 'extend' };
  const letter = letterPressed(press);
  const action = (Object.keys(LETTERS) as LetterAction[]).find((one) => letterOf(one, where.chords) === letter);
  return action === undefined ? null : { action };
}

export function actionOf(press: KeyPress, where: Where): Press | null {
  // An open input-method composition swallows every key: the Enter that takes a candidate must not save the form.
  if (press.isComposing || press.key === 'Process') return null;
  const alt = where.mac ? press.altKey && press.ctrlKey : press.altKey && !press.ctrlKey;
  if (alt && !press.metaKey) {
    const found = chord(press, where);
    if (found && where.typing && !(where.safeWhileTyping && SAFE.has(found.action as Action))) return null;
    return found;
  }
  if ((press.ctrlKey || (where.mac && press.metaKey)) && !press.altKey) return control(press);
  return press.altKey || press.ctrlKey || press.metaKey ? null : plain(press, where);
}
