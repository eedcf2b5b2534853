import { describe, expect, it } from 'vitest';
import { EMPTY_DRAFT, type Draft, type WrapUpDraft } from '@/call/drafts';
import { inAnHour, lateOwner, wrapUpBody, wrapUpGaps } from './wrap_up_body';

const draft = (wrapup: Partial<WrapUpDraft>, intake: Partial<Draft['intake']> = {}): Draft => ({
  ...EMPTY_DRAFT, intake: { ...EMPTY_DRAFT.intake, ...intake }, wrapup: { ...EMPTY_DRAFT.wrapup, disposition: 'solved', ...wrapup },
});
const about = { owner: 'o-1', property: null, symptom: 'dark' };

describe('what a wrap-up sends', () => {
  it('is disposition and note at the least', () => {
    expect(wrapUpBody(draft({}, { note: 'fine' }), about)).toEqual({ disposition: 'solved', note: 'fine' });
  });

  it('is a new ticket with what the form holds, empty fields left out', () => {
    const body = wrapUpBody(draft({ ticket: 'new', title: ' Door phone dark ' }, { equipment: 'Door phone', since_when: '' }), about);
    expect(body.ticket).toEqual({ title: 'Door phone dark', owner: 'o-1', equipment: 'Door phone', symptom: 'dark', holder_role: 'coordinator' });
  });

  it('is an existing ticket by its id', () => {
    expect(wrapUpBody(draft({ ticket: 't-9' }), about).ticket).toEqual({ id: 't-9' });
  });

  it('is a callback in UTC', () => {
    const body = wrapUpBody(draft({ callback: true, callback_at: '2026-11-23T17:15' }), about);
    expect(body.callback?.due_at).toBe(new Date('2026-11-23T17:15').toISOString());
  });
});

describe('the owner of a late wrap-up', () => {
  const call = { owner: null };
  it('goes with it when the record of the call has another or none', () => {
    expect(wrapUpBody(draft({}), { ...about, lateOwner: lateOwner(draft({}), 'o-1', call, true) }).owner).toBe('o-1');
    expect(lateOwner(draft({}), 'o-1', { owner: 'o-1' }, true)).toBeNull();
  });

  it('is left out while the core is away, unless somebody picked him', () => {
    expect(lateOwner(draft({}), 'o-1', call, false)).toBeNull();
    expect(lateOwner({ ...draft({}), owner: 'o-1' }, 'o-1', call, false)).toBe('o-1');
  });
});

describe('a callback whose number the caller withheld', () => {
  it('is sent with the number that was entered', () => {
    expect(wrapUpBody(draft({ callback: true, callback_at: '2026-11-23T17:15', callback_number: ' 138 0000 0101 ' }), about).callback?.number).toBe('138 0000 0101');
  });

  it('leaves it to the server when none was', () => {
    expect(wrapUpBody(draft({ callback: true, callback_at: '2026-11-23T17:15' }), about).callback).not.toHaveProperty('number');
  });
});

describe('a wrap-up that cannot be sent', () => {
  it('names what is missing', () => {
    expect(wrapUpGaps(draft({ disposition: null, ticket: 'new', callback: true }))).toEqual(['disposition', 'title', 'callback_at']);
    expect(wrapUpGaps(draft({}))).toEqual([]);
  });
});

describe('a proposed callback time', () => {
  it('is a full quarter an hour ahead', () => {
    expect(inAnHour(new Date('2026-11-23T16:02:10').getTime())).toBe('2026-11-23T17:15');
  });
});
