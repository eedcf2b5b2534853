/** Who is signed in, with what, and what the pre-shift check found (docs/protocol.md, section 5). */

import type { Language } from './wire';

export type Role = 'agent' | 'hotline_engineer' | 'coordinator' | 'field_engineer' | 'supervisor' | 'admin';

export interface User {
  readonly id: string;
  readonly login: string;
  readonly name: string;
  readonly role: Role;
  readonly team: string | null;
  readonly language: Language;
}

export interface Session {
  readonly user: User;
  readonly agent: { readonly id: string; readonly number: string } | null;
  readonly csrf: string;
  readonly demo: boolean;
}

export interface Softphone {
  readonly endpoint: string;
  readonly secret: string;
  readonly uri: string;
}

/** Each part passed or failed; what else was measured is kept beside it for support. */
export interface CheckResult {
  readonly microphone: boolean;
  readonly speaker: boolean | null;
  readonly ringer: boolean | null;
  readonly autoplay: boolean;
  readonly sip: boolean;
  readonly rtt_ms: number | null;
  readonly [detail: string]: string | number | boolean | null;
}
