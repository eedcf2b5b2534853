/** The rows of the transfer list: sorted when it opens and for each new text or scope, then in their places. Whom Enter takes must
 *  not change between the look and the key. */
import { useMemo, useRef } from 'react';
import { useAgents, useQueueFigures } from '@/live/store';
import { inPlace, targets, type Scope, type TransferTarget } from './targets';

export function useTargets(me: string | null, scope: Scope, typed: string): readonly TransferTarget[] {
  const agents = useAgents();
  const queues = useQueueFigures();
  const shown = useRef<{ readonly asked: string; readonly rows: readonly TransferTarget[] }>({ asked: '', rows: [] });
  return useMemo(() => {
    const asked = `${scope} ${typed.trim().toLowerCase()}`;
    const all = Object.values(agents);
    const now = targets({ me, agents: all, queues: Object.values(queues) }, scope, typed);
    const rows = shown.current.asked === asked ? inPlace(shown.current.rows, now, all) : now;
    shown.current = { asked, rows };
    return rows;
  }, [me, scope, typed, agents, queues]);
}
