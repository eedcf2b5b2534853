/** The softphone as the console sees it. JsSIP is one adapter, the fake another, a leader in another tab a third. */

export type Registration = 'off' | 'connecting' | 'registered' | 'failed';
export type SessionState = 'ringing' | 'dialling' | 'answering' | 'talking' | 'ended';

export interface PhoneSession {
  readonly id: string;
  /** X-CTI-Call and X-CTI-Offer of the INVITE; null when the emergency path rings. */
  readonly call: string | null;
  readonly offer: string | null;
  readonly from: string;
  readonly state: SessionState;
  readonly muted: boolean;
  /** The media's way is up (ICE and DTLS): from here on both sides can be heard. */
  readonly connected: boolean;
  /** Answered without a click: the core brings the agent back (resume) or connects a call he asked for (dial). */
  readonly automatic: boolean;
  readonly since: number;
}

export interface Quality {
  readonly rttMs: number | null;
  readonly lossPct: number | null;
  readonly jitterMs: number | null;
}

export interface Account {
  readonly endpoint: string;
  readonly secret: string;
  readonly uri: string;
}

export type PhoneEvent =
  | { readonly type: 'registration'; readonly state: Registration; readonly code: number | null }
  | { readonly type: 'session'; readonly session: PhoneSession | null }
  | { readonly type: 'quality'; readonly quality: Quality };

export type Tone = '0' | '1' | '2' | '3' | '4' | '5' | '6' | '7' | '8' | '9' | '*' | '#';
export const TONES: readonly Tone[] = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '*', '0', '#'];

/** One line, at most one call in hand. Every method is safe at any time; what does not fit the state does nothing. */
export interface Phone {
  register(account: Account): void;
  /** Leaves the registrar. Never called on unload: the core keeps the caller for a page that comes back. */
  unregister(): void;
  answer(): void;
  hangUp(): void;
  mute(on: boolean): void;
  dtmf(tone: Tone): void;
  /** Where the other side is heard. Empty: the system's default. */
  speaker(device: string): void;
  listen(listener: (event: PhoneEvent) => void): () => void;
}
