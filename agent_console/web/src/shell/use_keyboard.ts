/** One listener for the whole page: key → action → whoever offers to do it. */
import { useEffect } from 'react';
import { useDisplay } from '@/app/display';
import { canPerform, perform } from './actions';
import { actionOf, type Press } from './keymap';

const TEXT_TYPES = new Set(['text', 'search', 'tel', 'email', 'url', 'password', 'number', 'date', 'time', 'datetime-local']);

export function isTyping(target: EventTarget | null): boolean {
  if (target instanceof HTMLTextAreaElement) return true;
  if (target instanceof HTMLInputElement) return TEXT_TYPES.has(target.type);
  return target instanceof HTMLElement && target.isContentEditable;
}

const mac = navigator.userAgent.includes('Mac OS X');

/** A list that a field or a button has dropped down; where a page is one list, it is not one of these. */
const inPopup = (target: EventTarget | null): boolean => target instanceof Element && target.closest('[role="menu"], [aria-expanded="true"]') !== null;

function pressed(event: KeyboardEvent): Press | null {
  const { chords, chordsWhileTyping } = useDisplay.getState();
  return actionOf(event, { typing: isTyping(event.target), mac, chords, safeWhileTyping: chordsWhileTyping, open: canPerform('close'), popup: inPopup(event.target) });
}

export function useKeyboard(): void {
  useEffect(() => {
    const down = (event: KeyboardEvent) => {
      if (event.defaultPrevented) return;
      const press = pressed(event);
      if (press === null) return;
      const done = event.repeat ? true : perform(press.action, press.action === 'pick' ? press.index : 0);
      if (done) event.preventDefault();
    };
    const up = (event: KeyboardEvent) => {
      const press = pressed(event);
      if (press?.action === 'hangup' || event.key === 'Alt') perform('hangup_up');
    };
    document.addEventListener('keydown', down);
    document.addEventListener('keyup', up);
    return () => {
      document.removeEventListener('keydown', down);
      document.removeEventListener('keyup', up);
    };
  }, []);
}
