import { describe, expect, it } from 'vitest';
import { clockOfTicket, share, ticketClock } from './clock';

const NOW = Date.UTC(2026, 10, 23, 6, 32);
const due = (seconds: number) => new Date(NOW + seconds * 1000).toISOString();

describe('the clock of a ticket', () => {
  it('is calm, soon, then late', () => {
    expect([1000, 900, 0, -200].map((s) => ticketClock(due(s), NOW)?.level)).toEqual(['ok', 'soon', 'soon', 'late']);
  });

  it('counts the seconds over when late', () => {
    expect(ticketClock(due(-200), NOW)).toEqual({ level: 'late', seconds: 200 });
  });

  it('is missing without a time, or with a broken one', () => {
    expect([ticketClock(null, NOW), ticketClock('soon', NOW)]).toEqual([null, null]);
  });

  it('stops when the ticket is solved', () => {
    expect(clockOfTicket({ state: 'solved', due_at: due(-200) }, NOW)).toBeNull();
  });

  it('empties as time passes and is full again, in red, when late', () => {
    expect([450, 900, 2000, -5].map((s) => share(ticketClock(due(s), NOW, 600) ?? { level: 'ok', seconds: 0 }, 900))).toEqual([0.5, 1, 1, 1]);
  });
});
