/** What the desk shows: a pure function of agent, call and softphone. While the core is away the bare line decides. */
import type { Agent } from '@/api/agents';
import type { Call } from '@/api/calls';
import type { PhoneSession } from '@/phone/phone';

export type Phase = 'signed_off' | 'idle' | 'offer' | 'dialling' | 'talking' | 'consult' | 'wrapup' | 'lost';

interface Situation {
  readonly agent: Agent | null;
  readonly call: Call | null;
  readonly session: PhoneSession | null;
  readonly coreUp: boolean;
  /** The voice line of this page, or of the tab it controls. */
  readonly registered: boolean;
}

export function phaseOf({ agent, call, session, coreUp, registered }: Situation): Phase {
  if (!coreUp) return phaseByLine(agent, session, registered);
  if (agent === null || agent.state === 'LOGGED_OUT') return 'signed_off';
  switch (agent.state) {
    case 'RESERVED':
    case 'RINGING':
      return call?.direction === 'out' ? 'dialling' : 'offer';
    case 'ON_CALL':
      return call?.state === 'dialling' ? 'dialling' : 'talking';
    case 'CONSULTING':
      return 'consult';
    case 'WRAP_UP':
      return 'wrapup';
    case 'LOST':
      return 'lost';
    default:
      return session?.state === 'ringing' ? 'offer' : 'idle';
  }
}

/** The server's last word was that I am in a conversation. */
export const inCall = (agent: Agent | null): boolean => agent?.state === 'ON_CALL' || agent?.state === 'CONSULTING';

/** SIP alone: it rings, it talks, or the last known state is shown as far as it needs no core. A page whose line is not
 *  registered cannot know that a call ended: the voice may be at another page or machine, so the call stays in view. */
function phaseByLine(agent: Agent | null, session: PhoneSession | null, registered: boolean): Phase {
  if (session?.state === 'ringing') return 'offer';
  if (session?.state === 'dialling') return 'dialling';
  if (session) return agent?.state === 'CONSULTING' ? 'consult' : 'talking';
  if (agent === null || agent.state === 'LOGGED_OUT') return 'signed_off';
  if (!registered && inCall(agent)) return agent.state === 'CONSULTING' ? 'consult' : 'talking';
  return agent.state === 'WRAP_UP' ? 'wrapup' : 'idle';
}

export const CALL_KEYS = ['answer', 'mute', 'hold', 'keypad', 'transfer', 'record', 'hangup'] as const;
export type CallKey = (typeof CALL_KEYS)[number];

/** Which call keys work in which phase; they keep their slots, the others are disabled. */
const WORKS: Readonly<Record<Phase, readonly CallKey[]>> = {
  signed_off: [],
  idle: [],
  offer: ['answer'],
  dialling: ['mute', 'keypad', 'hangup'],
  talking: ['mute', 'hold', 'keypad', 'transfer', 'record', 'hangup'],
  consult: ['mute', 'keypad', 'transfer', 'record'],
  wrapup: [],
  lost: [],
};

/** Without the core: what SIP does by itself. */
const WORKS_ALONE: Readonly<Record<Phase, readonly CallKey[]>> = {
  ...WORKS,
  talking: ['mute', 'keypad', 'hangup'],
  consult: ['mute', 'keypad', 'hangup'],
};

interface KeySituation {
  readonly phase: Phase;
  readonly coreUp: boolean;
  readonly session: PhoneSession | null;
  /** Is the agent the one who brought an engineer in (true), or the engineer (false)? */
  readonly mine: boolean;
  readonly call?: Pick<Call, 'recording' | 'consult'> | null;
}

/** Keys that need a SIP session under them. */
const NEEDS_SESSION: ReadonlySet<CallKey> = new Set(['mute', 'keypad']);
/** What an engineer who was asked for help may press: the call is still the agent's. */
const AS_GUEST: ReadonlySet<CallKey> = new Set(['answer', 'mute', 'keypad', 'hangup']);

/** There is nothing to pause: the queue wants no recording, or it has failed. */
const UNRECORDED: ReadonlySet<Call['recording']> = new Set(['off', 'failed']);

/** Nothing is recorded that could pause; nobody is there yet to hand the caller to. */
const hasNoUse = (key: CallKey, phase: Phase, call: Pick<Call, 'recording' | 'consult'>): boolean =>
  (key === 'record' && UNRECORDED.has(call.recording)) || (key === 'transfer' && phase === 'consult' && call.consult?.state === 'ringing');

export function keyWorks(key: CallKey, { phase, coreUp, session, mine, call }: KeySituation): boolean {
  const guest = !mine && (phase === 'talking' || phase === 'consult');
  if (guest) return AS_GUEST.has(key) && key !== 'answer' && session !== null;
  if (!(coreUp ? WORKS : WORKS_ALONE)[phase].includes(key)) return false;
  if (call && hasNoUse(key, phase, call)) return false;
  if (key === 'answer') return session?.state === 'ringing';
  return session !== null || !(NEEDS_SESSION.has(key) || (key === 'hangup' && !coreUp));
}
