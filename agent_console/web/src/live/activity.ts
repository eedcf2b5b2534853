/** Whether somebody used the page since the last look: the server logs out who is idle (docs/protocol.md, section 3).
 *  A wallboard has nobody in front of it and always counts as used, until its log-in's twelve hours are over. */
const SIGNS = ['pointerdown', 'pointermove', 'keydown', 'wheel'] as const;
const WALLBOARD = '/wallboard';

let used = false;

/** Listens until the returned function is called. */
export function listenForUse(target: Pick<Window, 'addEventListener' | 'removeEventListener'> = window): () => void {
  const note = (): void => { used = true; };
  for (const sign of SIGNS) target.addEventListener(sign, note, { capture: true, passive: true });
  return () => { for (const sign of SIGNS) target.removeEventListener(sign, note, { capture: true }); };
}

/** True once for everything that happened since the last call. */
export function takeUse(path: string = window.location.pathname): boolean {
  const was = used || path.startsWith(WALLBOARD);
  used = false;
  return was;
}
