/** How old the picture is. Older than three seconds is stale: panels say so; after fifteen the strip raises an alarm. */
import { useSecond } from '@/clock/ticker';
import { useLiveStore } from './store';

const STALE_MS = 3_000;

/** When the live data was last fresh, or null while it is. */
export function useStale(): number | null {
  const second = useSecond();
  const heardAt = useLiveStore((s) => s.line.heardAt);
  const core = useLiveStore((s) => s.live.core);
  const loaded = useLiveStore((s) => s.live.loaded);
  if (!loaded) return null;
  if (!core.up) return core.since === null ? heardAt : Math.min(Date.parse(core.since), heardAt);
  return second * 1000 - heardAt > STALE_MS ? heardAt : null;
}
