/** What an agent has typed for a call, until it is saved. Kept per call; a reload of this tab keeps it, closing the tab does not:
 *  the session storage holds unsaved words of a call in hand, never a record. */
import { create } from 'zustand';
import type { Call } from '@/api/calls';
import type { TicketBrief } from '@/api/tickets';
import { drop, keptNames, later, read, whenEmptied, write } from '@/drafts/kept';

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
  /** Whom to ring back when the caller withheld his number. */
  readonly callback_number: string;
}

/** Quick entry of an unknown caller. */
export interface Entry {
  /** null: not touched, the name that the switch brought is shown. */
  readonly name: string | null;
  readonly address: string;
  readonly relation: 'owner' | 'family' | 'tenant' | 'visitor';
}

/** Whose words these are, for the time when the call is no longer in hand. */
export interface Conversation {
  /** Who talked: the next person at this tab does not see them. */
  readonly agent: string;
  /** As it was last seen. */
  readonly call: Call;
  /** The owner in view; empty while nobody is chosen. */
  readonly name: string;
}

export interface Draft {
  /** The owner the agent picked; null: the likeliest is shown, nothing is recorded yet. */
  readonly owner: string | null;
  /** None of the candidates: a new person is being entered. */
  readonly quick: boolean;
  readonly entry: Entry;
  readonly intake: Intake;
  readonly wrapup: WrapUpDraft;
  /** The task sheet that was left for this call: a second one would be a second promise. */
  readonly sheet: TicketBrief | null;
  readonly savedAt: number | null;
  /** The server has it as it stands here; the next change makes it unsaved again. */
  readonly sent: boolean;
  /** null: there was no conversation, the call was only offered. */
  readonly of: Conversation | null;
}

export const EMPTY_DRAFT: Draft = {
  owner: null,
  quick: false,
  entry: { name: null, address: '', relation: 'owner' },
  intake: { equipment: '', symptom: '', since_when: '', service_mode: '', note: '' },
  wrapup: { disposition: null, ticket: 'none', title: '', holder: 'coordinator', callback: false, callback_at: '', callback_number: '' },
  sheet: null,
  savedAt: null,
  sent: false,
  of: null,
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

/** A new person who was entered as the caller is on record; until then the words are only here. */
const entryWords = ({ entry, owner }: Draft): readonly string[] => (owner === null ? [entry.name ?? '', entry.address] : []);

/** Is there something that no record has yet? Who was picked alone is not: the call's own record has it. */
export function isTyped(draft: Draft): boolean {
  const { intake, wrapup, sent } = draft;
  if (sent) return false;
  const words = [...Object.values<string>({ ...intake }), ...entryWords(draft), wrapup.title, wrapup.disposition ?? ''];
  return wrapup.callback || wrapup.ticket !== 'none' || words.some((word) => word.trim() !== '');
}

const useDrafts = create<{ drafts: Readonly<Record<string, Draft>> }>(() => ({ drafts: {} }));
const hands = new Map<string, Conversation>();
whenEmptied(() => {
  hands.clear();
  useDrafts.setState({ drafts: {} });
});

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
  const draft = draftOf(call);
  put(call, edit({ ...draft, sent: false, of: hands.get(call) ?? draft.of }));
  later(call, () => keep(call));
}

const same = (a: Conversation | undefined, b: Conversation): boolean =>
  a !== undefined && a.agent === b.agent && a.name === b.name && a.call.state === b.call.state && a.call.owner === b.call.owner && a.call.from === b.call.from;

/** What the records have need not stay in the tab for longer than its call. */
const forgetSent = (current: string): void =>
  [...Object.keys(useDrafts.getState().drafts), ...keptNames()].filter((call) => call !== current && draftOf(call).sent === true).forEach(forget);

/** A conversation, or its wrap-up, as it is seen now. It goes with what is typed for it, and nowhere while nothing is. */
export function inHand(conversation: Conversation): void {
  const { id } = conversation.call;
  if (!hands.has(id)) forgetSent(id);
  if (same(hands.get(id), conversation)) return;
  hands.set(id, conversation);
  const draft = draftOf(id);
  if (!isTyped(draft)) return;
  put(id, { ...draft, of: conversation });
  later(id, () => keep(id));
}

export const setIntake = (call: string, field: IntakeField, value: string): void =>
  change(call, (draft) => ({ ...draft, intake: { ...draft.intake, [field]: value } }));

export const setEntry = (call: string, part: Partial<Entry>): void => change(call, (draft) => ({ ...draft, entry: { ...draft.entry, ...part } }));

export const setWrapUp = (call: string, part: Partial<WrapUpDraft>): void => change(call, (draft) => ({ ...draft, wrapup: { ...draft.wrapup, ...part } }));

export const setSheet = (call: string, { id, number, title, state, due_at }: TicketBrief): void =>
  change(call, (draft) => ({ ...draft, sheet: { id, number, title, state, due_at } }));

/** What was typed is in the records, and stays on the form while the call is still in hand. */
export const markSent = (call: string): void => change(call, (draft) => ({ ...draft, sent: true }));

/** The call is wrapped up: what was typed is in the records now. */
export function forget(call: string): void {
  drop(call);
  hands.delete(call);
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

/** Every draft of a conversation of this agent, of this page and of one before it in this tab. */
function ownDrafts(agent: string): readonly Draft[] {
  const { drafts } = useDrafts.getState();
  const calls = new Set([...Object.keys(drafts), ...keptNames()]);
  return [...calls].map(draftOf).filter((draft) => draft.of?.agent === agent);
}

/** What was typed for a call and never saved, the newest call first; the call in hand is no such one. */
export function useUnsaved(agent: string | null, current: string | null): readonly Conversation[] {
  useDrafts((s) => s.drafts);
  if (agent === null) return [];
  return ownDrafts(agent)
    .flatMap((draft) => (draft.of !== null && draft.of.call.id !== current && isTyped(draft) ? [draft.of] : []))
    .sort((a, b) => b.call.started_at.localeCompare(a.call.started_at));
}
