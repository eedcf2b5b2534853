/** Click-to-dial: the core rings the owner, this page's own line answers. Why it cannot is said beside the button. */
import { useState } from 'react';
import { command } from '@/live/store';
import { useMyCall } from '@/call/use_my_call';

export type WhyNot = 'in_call' | 'core_away' | 'logged_out' | 'no_number';

export interface Dial {
  readonly whyNot: WhyNot | null;
  readonly dialling: string | null;
  readonly error: unknown;
  /** `first`: what must have succeeded before the number is dialled. */
  readonly ring: (args: { number: string; owner?: string; ticket?: string; callback?: string }, first?: () => Promise<void>) => Promise<boolean>;
}

/** The states the core dials from. */
const FREE = new Set(['READY', 'AUX', 'WRAP_UP']);

export function useDial(): Dial {
  const { agent, coreUp } = useMyCall();
  const [state, setState] = useState<{ dialling: string | null; error: unknown }>({ dialling: null, error: null });
  const whyNot: WhyNot | null = !coreUp ? 'core_away' : agent === null || agent.state === 'LOGGED_OUT' ? 'logged_out' : FREE.has(agent.state) ? null : 'in_call';
  const ring: Dial['ring'] = async (args, first) => {
    setState({ dialling: args.number, error: null });
    try {
      await first?.();
      await command('call.dial', args);
      setState({ dialling: null, error: null });
      return true;
    } catch (error) {
      setState({ dialling: null, error });
      return false;
    }
  };
  return { whyNot, ...state, ring };
}
