/** Whose turn it is, as far as the page can see: READY agents who share a queue with me and have been idle longer. */
import type { Agent } from '@/api/agents';

const shares = (a: Agent, b: Agent): boolean => Object.keys(a.skills).some((skill) => skill in b.skills);

export const placeInLine = (me: Agent, agents: readonly Agent[]): number =>
  1 + agents.filter((other) => other.id !== me.id && other.state === 'READY' && other.since < me.since && shares(me, other)).length;
