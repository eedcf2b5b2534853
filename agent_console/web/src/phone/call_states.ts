/** The life of one SIP session as a table: row = state, key = what happened, value = next state. A missing key changes nothing. */
import type { SessionState } from './phone';

export type SessionEvent = 'answer' | 'progress' | 'accepted' | 'confirmed' | 'failed' | 'ended';

export const CALL_STATES: Readonly<Record<SessionState, Partial<Record<SessionEvent, SessionState>>>> = {
  ringing: { answer: 'answering', accepted: 'talking', failed: 'ended', ended: 'ended' },
  dialling: { progress: 'dialling', accepted: 'talking', failed: 'ended', ended: 'ended' },
  answering: { accepted: 'talking', confirmed: 'talking', failed: 'ended', ended: 'ended' },
  talking: { confirmed: 'talking', failed: 'ended', ended: 'ended' },
  ended: {},
};

export const next = (state: SessionState, event: SessionEvent): SessionState => CALL_STATES[state][event] ?? state;
