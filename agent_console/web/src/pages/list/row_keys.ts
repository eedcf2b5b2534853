/** The arrow keys walk through the rows of a list: each row has one main control, marked `data-row`. */
import type { KeyboardEvent } from 'react';

const STEP: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1, PageDown: 10, PageUp: -10 };

/** For `onKeyDown` of the element around the rows. Leaves fields and open menus alone. */
export function onRowKeys(event: KeyboardEvent<HTMLElement>): void {
  if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  if (!(event.target instanceof HTMLElement) || event.target.closest('input, select, textarea, [role="listbox"]')) return;
  const rows = [...event.currentTarget.querySelectorAll<HTMLElement>('[data-row]')];
  const here = rows.findIndex((row) => row === event.target || row.closest('tr, li')?.contains(event.target as Node));
  const to = target(event.key, here, rows.length);
  const next = to === null ? undefined : rows[to];
  if (next === undefined) return;
  event.preventDefault();
  next.focus();
  next.scrollIntoView({ block: 'nearest' });
}

/** The row to go to, or null when the key is none of ours. */
export function target(key: string, here: number, count: number): number | null {
  if (count === 0) return null;
  if (key === 'Home') return 0;
  if (key === 'End') return count - 1;
  const step = STEP[key];
  if (step === undefined) return null;
  return here < 0 ? 0 : Math.min(count - 1, Math.max(0, here + step));
}
