/** What the page knows of the softphone, and the phone in use. Pages read the store; call/control.ts presses the keys. */
import { create } from 'zustand';
import type { Phone, PhoneEvent, PhoneSession, Quality, Registration } from './phone';

export interface PhoneState {
  readonly registration: Registration;
  readonly code: number | null;
  /** Tries since the line was last registered. */
  readonly tries: number;
  readonly lostAt: number | null;
  readonly session: PhoneSession | null;
  readonly quality: Quality | null;
  readonly microphone: 'unknown' | 'ready' | 'denied' | 'missing';
  /** Does this tab hold the line, or another one of the same user? */
  readonly role: 'none' | 'leader' | 'remote';
  readonly endpoint: string | null;
  /** Another page or machine of this user asked for the line later: it rings there. */
  readonly taken: boolean;
}

const NOTHING: PhoneState = {
  registration: 'off',
  code: null,
  tries: 0,
  lostAt: null,
  session: null,
  quality: null,
  microphone: 'unknown',
  role: 'none',
  endpoint: null,
  taken: false,
};

export const usePhone = create<PhoneState>(() => NOTHING);
export const resetPhone = (): void => usePhone.setState(NOTHING, true);

/** Pure: the state after an event; `now` in milliseconds. */
export function afterEvent(state: PhoneState, event: PhoneEvent, now: number): PhoneState {
  switch (event.type) {
    case 'registration':
      if (event.state === 'registered') return { ...state, registration: 'registered', code: null, tries: 0, lostAt: null, taken: false };
      return {
        ...state,
        registration: event.state,
        code: event.code,
        tries: state.tries + (event.state === 'connecting' ? 1 : 0),
        lostAt: event.state === 'off' ? null : (state.lostAt ?? now),
      };
    case 'session':
      return { ...state, session: event.session?.state === 'ended' ? null : event.session, quality: event.session ? state.quality : null };
    case 'quality':
      return { ...state, quality: event.quality };
  }
}

let current: Phone | null = null;

export const phone = (): Phone | null => current;

/** Put this phone in use; returns how to take it out again. */
export function putInUse(next: Phone): () => void {
  current = next;
  const stop = next.listen((event) => usePhone.setState((state) => afterEvent(state, event, Date.now()), true));
  return () => {
    stop();
    if (current === next) current = null;
  };
}
