/** Who hears whom, drawn from the switch's bridge: the core sends pairs, this makes a column of nodes with wires between. Pure. */
import type { Call } from '@/api/calls';

export type PartyName = 'caller' | 'agent' | 'engineer';
export type Hears = 'voice' | 'music' | 'nothing';

export interface Bridge {
  readonly caller: Hears;
  readonly agent: Hears;
  readonly engineer: Hears;
  /** Is there a voice between these two? */
  readonly callerAgent: boolean;
  readonly agentEngineer: boolean;
  readonly callerEngineer: boolean;
}

const between = (pairs: Call['hears'], a: PartyName, b: PartyName): boolean => pairs.some(([x, y]) => (x === a && y === b) || (x === b && y === a));

function hears(pairs: Call['hears'], party: PartyName): Hears {
  const mine = pairs.filter(([x, y]) => x === party || y === party);
  if (mine.length === 0) return 'nothing';
  return mine.some(([x, y]) => x === 'music' || y === 'music') ? 'music' : 'voice';
}

export function bridgeOf(pairs: Call['hears']): Bridge {
  return {
    caller: hears(pairs, 'caller'),
    agent: hears(pairs, 'agent'),
    engineer: hears(pairs, 'engineer'),
    callerAgent: between(pairs, 'caller', 'agent'),
    agentEngineer: between(pairs, 'agent', 'engineer'),
    callerEngineer: between(pairs, 'caller', 'engineer'),
  };
}
