/** From what was typed to what is sent, and what is still missing. Pure. */
import type { Call } from '@/api/calls';
import type { WrapUpBody } from '@/api/records';
import type { NewTicket } from '@/api/tickets';
import type { Draft } from '@/call/drafts';

export type Gap = 'disposition' | 'title' | 'callback_at';

export function wrapUpGaps({ wrapup }: Draft): Gap[] {
  const gaps: Gap[] = [];
  if (wrapup.disposition === null) gaps.push('disposition');
  if (wrapup.ticket === 'new' && wrapup.title.trim() === '') gaps.push('title');
  if (wrapup.callback && Number.isNaN(Date.parse(wrapup.callback_at))) gaps.push('callback_at');
  return gaps;
}

interface About {
  readonly owner: string | null;
  readonly property: string | null;
  /** In words: another system reads it as text. */
  readonly symptom: string;
  /** The owner to be set with the form, when the core has let the call go. */
  readonly lateOwner?: string | null;
}

/** Whom the call's record does not have yet. What was only guessed from the number is no reason to fail while the core is away. */
export function lateOwner(draft: Draft, chosen: string | null, call: Pick<Call, 'owner'>, coreUp: boolean): string | null {
  return chosen !== call.owner && (coreUp || draft.owner !== null) ? chosen : null;
}

/** Only what was filled in: an empty field is left out, not sent as an empty string. */
function newTicket({ intake, wrapup }: Draft, about: About): NewTicket {
  const filled = {
    owner: about.owner,
    property: about.property,
    equipment: intake.equipment,
    symptom: about.symptom,
    since_when: intake.since_when,
    service_mode: intake.service_mode,
    note: intake.note,
    holder_role: wrapup.holder,
  };
  const given = Object.entries(filled).filter(([, value]) => value !== null && value.trim() !== '');
  return { title: wrapup.title.trim(), ...Object.fromEntries(given) };
}

function callbackOf({ wrapup, intake }: Draft): NonNullable<WrapUpBody['callback']> {
  const number = wrapup.callback_number.trim();
  return { due_at: new Date(wrapup.callback_at).toISOString(), note: wrapup.title || intake.note.slice(0, 200), ...(number ? { number } : {}) };
}

export function wrapUpBody(draft: Draft, about: About): WrapUpBody {
  const { wrapup, intake } = draft;
  const ticket = wrapup.ticket === 'new' ? newTicket(draft, about) : wrapup.ticket === 'none' ? null : { id: wrapup.ticket };
  return {
    disposition: wrapup.disposition ?? '',
    note: intake.note,
    ...(about.lateOwner ? { owner: about.lateOwner } : {}),
    ...(ticket ? { ticket } : {}),
    ...(wrapup.callback ? { callback: callbackOf(draft) } : {}),
  };
}

const pad = (n: number): string => String(n).padStart(2, '0');

/** A full quarter about an hour from now, as a datetime-local field wants it: the site's own clock. */
export function inAnHour(now: number): string {
  const quarter = 15 * 60_000;
  const at = new Date(Math.ceil((now + 3_600_000) / quarter) * quarter);
  return `${at.getFullYear()}-${pad(at.getMonth() + 1)}-${pad(at.getDate())}T${pad(at.getHours())}:${pad(at.getMinutes())}`;
}
