/** What an agent should know before he says the first word. Pure: from the candidate of the pop. */
import type { Candidate } from '@/api/owners';

export interface Warning {
  readonly code: 'gave_up' | 'callback_late' | 'callback_promised' | 'ticket_late';
  readonly at: string;
  readonly what: string;
}

export function warnings(candidate: Candidate, now: number): Warning[] {
  const found: Warning[] = [];
  const last = candidate.last_calls[0];
  if (last?.direction === 'in' && !last.agent) found.push({ code: 'gave_up', at: last.at, what: '' });
  for (const callback of candidate.callbacks) {
    found.push({ code: Date.parse(callback.due_at) < now ? 'callback_late' : 'callback_promised', at: callback.due_at, what: callback.note ?? '' });
  }
  for (const ticket of candidate.open_tickets) {
    if (ticket.due_at && Date.parse(ticket.due_at) < now) found.push({ code: 'ticket_late', at: ticket.due_at, what: `${ticket.number} ${ticket.title}` });
  }
  return found;
}
