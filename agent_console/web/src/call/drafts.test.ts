// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { change, draftOf, EMPTY_DRAFT, forget, missing, REQUIRED_FOR_SHEET, setEntry, setIntake } from './drafts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('the draft of a call', () => {
  it('is empty at first', () => {
    expect(draftOf('c-1')).toEqual(EMPTY_DRAFT);
  });

  it('survives a reload of the tab a moment after the last key', () => {
    setIntake('c-2', 'note', 'screen dark');
    expect(sessionStorage.getItem('carillon.draft.c-2')).toBeNull();
    vi.advanceTimersByTime(400);
    expect(sessionStorage.getItem('carillon.draft.c-2')).toContain('screen dark');
    expect(draftOf('c-2').savedAt).not.toBeNull();
  });

  it('keeps the quick entry of an unknown caller, too', () => {
    setEntry('c-6', { name: '周建国' });
    setEntry('c-6', { address: '云栖花园' });
    vi.advanceTimersByTime(400);
    expect(draftOf('c-6').entry).toEqual({ name: '周建国', address: '云栖花园', relation: 'owner' });
    expect(sessionStorage.getItem('carillon.draft.c-6')).toContain('云栖花园');
  });

  it('belongs to its call alone', () => {
    setIntake('c-3', 'note', 'leak');
    expect(draftOf('c-4').intake.note).toBe('');
  });

  it('is gone after the wrap-up', () => {
    change('c-5', (draft) => ({ ...draft, owner: 'o-1' }));
    vi.advanceTimersByTime(400);
    forget('c-5');
    expect(draftOf('c-5')).toEqual(EMPTY_DRAFT);
    expect(sessionStorage.getItem('carillon.draft.c-5')).toBeNull();
  });

  it('names what is missing in the order of the form', () => {
    const intake = { ...EMPTY_DRAFT.intake, symptom: 'dead', since_when: ' ' };
    expect(missing(intake)).toEqual(['equipment', 'since_when']);
    expect(missing(intake, REQUIRED_FOR_SHEET)).toEqual(['equipment', 'since_when', 'note']);
  });
});
