import { describe, expect, it } from 'vitest';
import { actionOf, LETTERS, refused, type KeyPress, type Where } from './keymap';

const press = (over: Partial<KeyPress>): KeyPress => ({ key: '', code: '', altKey: false, ctrlKey: false, metaKey: false, shiftKey: false, isComposing: false, ...over });
const alt = (letter: string, over: Partial<KeyPress> = {}) => press({ key: letter.toLowerCase(), code: `Key${letter}`, altKey: true, ...over });
const where = (over: Partial<Where> = {}): Where => ({ typing: false, mac: false, chords: {}, safeWhileTyping: false, ...over });

describe('the keys', () => {
  it.each(Object.entries(LETTERS))('do %s with Alt and its letter', (action, letter) => {
    expect(actionOf(alt(letter), where())).toEqual({ action });
  });

  it('pick with Alt and a digit, zero is quick entry', () => {
    expect(actionOf(press({ key: '3', code: 'Digit3', altKey: true }), where())).toEqual({ action: 'pick', index: 3 });
    expect(actionOf(press({ key: '0', code: 'Digit0', altKey: true }), where())).toEqual({ action: 'quick' });
  });

  it('do nothing without Alt', () => {
    expect(actionOf(press({ key: 'a', code: 'KeyA' }), where())).toBeNull();
  });

  it('do nothing in a text field', () => {
    expect(actionOf(alt('X'), where({ typing: true }))).toBeNull();
    expect(actionOf(press({ key: '?' }), where({ typing: true }))).toBeNull();
  });

  it('do only the safe ones in a text field when the user allows them', () => {
    const allowed = where({ typing: true, safeWhileTyping: true });
    expect(actionOf(alt('M'), allowed)).toEqual({ action: 'mute' });
    expect(actionOf(alt('X'), allowed)).toBeNull();
  });

  it('save, find and change zones even while typing', () => {
    const typing = where({ typing: true });
    expect(actionOf(press({ key: 'Enter', ctrlKey: true }), typing)).toEqual({ action: 'finish' });
    expect(actionOf(press({ key: 'k', code: 'KeyK', ctrlKey: true }), typing)).toEqual({ action: 'palette' });
    expect(actionOf(press({ key: 'F6' }), typing)).toEqual({ action: 'zone' });
  });

  it('are swallowed by an open input-method composition', () => {
    expect(actionOf(press({ key: 'Enter', ctrlKey: true, isComposing: true }), where({ typing: true }))).toBeNull();
    expect(actionOf(press({ key: 'Process', code: 'KeyA', altKey: true }), where())).toBeNull();
  });

  it('are Ctrl and Option on macOS, where Option alone types', () => {
    const mac = where({ mac: true });
    expect(actionOf(press({ key: 'å', code: 'KeyA', altKey: true }), mac)).toBeNull();
    expect(actionOf(press({ key: 'å', code: 'KeyA', altKey: true, ctrlKey: true }), mac)).toEqual({ action: 'answer' });
  });

  it("follow the user's own letters", () => {
    expect(actionOf(alt('W'), where({ chords: { answer: 'W' } }))).toEqual({ action: 'answer' });
    expect(actionOf(alt('A'), where({ chords: { answer: 'W' } }))).toBeNull();
  });

  it("leave the browser's own letters alone and never serve two actions", () => {
    expect(refused('answer', 'D', {})).toBe('reserved');
    expect(refused('answer', 'X', {})).toBe('taken');
    expect(refused('answer', 'W', {})).toBeNull();
  });

  it('close what is open with Escape, even while typing', () => {
    expect(actionOf(press({ key: 'Escape' }), where({ open: true, typing: true }))).toEqual({ action: 'close' });
  });

  it('take a consult back with Escape, but never out of a field or a list that is open', () => {
    const escape = (over: Partial<Where>) => actionOf(press({ key: 'Escape' }), where(over));
    expect([escape({}), escape({ typing: true }), escape({ popup: true })]).toEqual([{ action: 'cancel' }, null, null]);
  });
});
