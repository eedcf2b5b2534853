/** The call in hand: who I am, which call is mine, in which phase it is. The shell and the desk read the same answer. */
import { useSession } from '@/api/queries';
import type { Agent } from '@/api/agents';
import type { Call } from '@/api/calls';
import { useAgent, useCall, useCoreUp, useLiveStore } from '@/live/store';
import type { Pop } from '@/live/messages';
import type { PhoneSession } from '@/phone/phone';
import { usePhone } from '@/phone/store';
import { phaseOf, type Phase } from './phase';

export interface MyCall {
  readonly agent: Agent | null;
  readonly call: Call | null;
  readonly session: PhoneSession | null;
  readonly pop: Pop | null;
  readonly phase: Phase;
  readonly coreUp: boolean;
  /** The call is mine to steer; false for an engineer who was asked for help. */
  readonly mine: boolean;
}

/** An engineer who was asked for help, while the call is still the agent's. */
const isGuest = (call: Call | null, agent: Agent | null): boolean => call?.consult?.engineer !== undefined && call.consult.engineer === agent?.id;

export function useMyCall(): MyCall {
  const me = useSession().data?.agent?.id;
  const agent = useAgent(me);
  const session = usePhone((s) => s.session);
  const pop = useLiveStore((s) => s.live.pop);
  const known = useCall(agent?.call ?? session?.call);
  const coreUp = useCoreUp();
  const registered = usePhone((s) => s.registration === 'registered' && !s.taken);
  const call = known ?? (pop !== null && agent !== null && agent.state !== 'READY' && agent.state !== 'AUX' ? pop.call : null);
  const phase = phaseOf({ agent, call, session, coreUp, registered });
  return { agent, call, session, pop: pop?.call.id === call?.id ? pop : null, phase, coreUp, mine: !isGuest(call, agent) };
}
