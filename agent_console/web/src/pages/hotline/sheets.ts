/** Task sheets: soonest first when the page opens, and never re-sorted under the pointer afterwards. */

interface Due {
  readonly id: string;
  readonly due_at: string | null;
}

const far = '9999';

/** Soonest first; a sheet without a clock last. */
export function byDue<T extends Due>(sheets: readonly T[]): T[] {
  return [...sheets].sort((a, b) => (a.due_at ?? far).localeCompare(b.due_at ?? far) || a.id.localeCompare(b.id));
}

/** Those already shown keep their places, the gone leave, the new join at the end by due time. */
export function keepPlaces<T extends Due>(shown: readonly string[], sheets: readonly T[]): T[] {
  const byId = new Map(sheets.map((sheet) => [sheet.id, sheet]));
  const kept = shown.flatMap((id) => byId.get(id) ?? []);
  const known = new Set(shown);
  return [...kept, ...byDue(sheets.filter((sheet) => !known.has(sheet.id)))];
}

/** How many sheets now stand behind one that is due later than they are: worth an offer to sort again. */
export function outOfOrder(sheets: readonly Due[]): number {
  let latest = '';
  return sheets.filter((sheet) => {
    const due = sheet.due_at ?? far;
    const behind = due < latest;
    if (!behind) latest = due;
    return behind;
  }).length;
}

export type Outcome = 'solved_by_phone' | 'to_coordinator' | 'call_again';
export const OUTCOMES: readonly Outcome[] = ['solved_by_phone', 'to_coordinator', 'call_again'];

export interface Draft {
  readonly diagnosis: string;
  readonly remedy: string;
  readonly service_mode: string;
  readonly due_at: string;
}

export const EMPTY_DRAFT: Draft = { diagnosis: '', remedy: '', service_mode: '', due_at: '' };

const REQUIRED: Record<Outcome, readonly (keyof Draft)[]> = {
  solved_by_phone: ['diagnosis'],
  to_coordinator: ['diagnosis', 'remedy', 'service_mode'],
  call_again: ['diagnosis', 'due_at'],
};

/** The fields this outcome still lacks, in the order they stand on the page. */
export function missing(outcome: Outcome, draft: Draft): (keyof Draft)[] {
  return REQUIRED[outcome].filter((field) => draft[field].trim() === '');
}

/** What the next holder reads: the diagnosis, then the proposed remedy. */
export function noteOf(draft: Draft): string {
  return [draft.diagnosis.trim(), draft.remedy.trim()].filter(Boolean).join('\n\n');
}

/** A sheet's clock in seconds: an owner hears from an engineer within a quarter of an hour. */
export const SHEET_SECONDS = 900;
/** From ten minutes left on it counts as soon. */
export const SOON_SECONDS = 600;

/** How much of the clock is left, 0…1, for a bar; past its end it is full again, as it is then red. */
export function share(secondsLeft: number): number {
  return secondsLeft <= 0 ? 1 : Math.min(1, secondsLeft / SHEET_SECONDS);
}
