/** What an agent has typed for a call, until it is saved. Kept per call; a reload of this tab keeps it, closing the tab does not:
 *  the session storage holds unsaved words of a call in hand, never a record. */
import { create } from 'zustand';
import { drop, later, read, write } from '@/drafts/kept';

export interface Intake {
  readonly equipment: string;
  readonly symptom: string;
  readonly since_when: string;
  readonly service_mode: string;
  readonly note: string;
}

export interface WrapUpDraft {
  readonly disposition: string | null;
  /** 'new', 'none' or a ticket's id. */
  readonly ticket: string;
  readonly title: string;
  readonly holder: string;
  readonly callback: boolean;
  /** As a datetime-local field writes it; empty: not chosen yet. */
  readonly callback_at: string;
}

/** Quick entry of an unknown caller. */
export interface Entry {
  /** null: not touched, the name that the switch brought is shown. */
  readonly name: string | null;
  readonly address: string;
  readonly relation: 'owner' | 'family' | 'tenant' | 'visitor';
}

export interface Draft {
  /** The owner the agent picked; null: the likeliest is shown, nothing is recorded yet. */
  readonly owner: string | null;
  /** None of the candidates: a new person is being entered. */
  readonly quick: boolean;
  readonly entry: Entry;
  readonly intake: Intake;
  readonly wrapup: WrapUpDraft;
  readonly savedAt: number | null;
}

export const EMPTY_DRAFT: Draft = {
  owner: null,
  quick: false,
  entry: { name: null, address: '', relation: 'owner' },
  intake: { equipment: '', symptom: '', since_when: '', service_mode: '', note: '' },
  wrapup: { disposition: null, ticket: 'none', title: '', holder: 'coordinator', callback: false, callback_at: '' },
  savedAt: null,
};

/** In the order of the form; the first missing one gets the focus. */
export const REQUIRED = ['equipment', 'symptom', 'since_when'] as const;
export const REQUIRED_FOR_SHEET = [...REQUIRED, 'note'] as const;
export type IntakeField = keyof Intake;

/** The key of a field's name where only the name fits: the note's label on the form also says how phrases work. */
export const fieldName = (field: IntakeField): string => (field === 'note' ? 'note_short' : field);

export const missing = (intake: Intake, required: readonly IntakeField[] = REQUIRED): IntakeField[] => required.filter((field) => intake[field].trim() === '');

function stored(call: string): Draft | null {
  const draft: Partial<Draft> | null = read(call);
  if (draft === null) return null;
  const { entry, intake, wrapup } = EMPTY_DRAFT;
  return { ...EMPTY_DRAFT, ...draft, entry: { ...entry, ...draft.entry }, intake: { ...intake, ...draft.intake }, wrapup: { ...wrapup, ...draft.wrapup } };
}

const useDrafts = create<{ drafts: Readonly<Record<string, Draft>> }>(() => ({ drafts: {} }));

export function draftOf(call: string): Draft {
  return useDrafts.getState().drafts[call] ?? stored(call) ?? EMPTY_DRAFT;
}

function put(call: string, draft: Draft): void {
  useDrafts.setState(({ drafts }) => ({ drafts: { ...drafts, [call]: draft } }));
}

function keep(call: string): void {
  const draft = { ...draftOf(call), savedAt: Date.now() };
  if (write(call, draft)) put(call, draft); // else the form does not say that they are kept
}

/** Change a draft; it is kept a moment after the last key. */
export function change(call: string, edit: (draft: Draft) => Draft): void {
  put(call, edit(draftOf(call)));
  later(call, () => keep(call));
}

export const setIntake = (call: string, field: IntakeField, value: string): void =>
  change(call, (draft) => ({ ...draft, intake: { ...draft.intake, [field]: value } }));

export const setEntry = (call: string, part: Partial<Entry>): void => change(call, (draft) => ({ ...draft, entry: { ...draft.entry, ...part } }));

export const setWrapUp = (call: string, part: Partial<WrapUpDraft>): void => change(call, (draft) => ({ ...draft, wrapup: { ...draft.wrapup, ...part } }));

/** The call is wrapped up: what was typed is in the records now. */
export function forget(call: string): void {
  drop(call);
  useDrafts.setState(({ drafts }) => {
    const { [call]: _done, ...rest } = drafts;
    return { drafts: rest };
  });
}

export function useDraft(call: string | null): Draft {
  const draft = useDrafts((s) => (call === null ? undefined : s.drafts[call]));
  if (call === null) return EMPTY_DRAFT;
  return draft ?? stored(call) ?? EMPTY_DRAFT;
}
