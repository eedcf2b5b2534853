/** Loss, jitter and round trip from WebRTC's statistics: loss is that of the last interval, not of the whole call. Pure. */
import type { Quality } from './phone';

export interface Counts {
  readonly received: number;
  readonly lost: number;
}

interface Row {
  readonly type?: string;
  readonly kind?: string;
  readonly packetsReceived?: number;
  readonly packetsLost?: number;
  readonly jitter?: number;
  readonly roundTripTime?: number;
  readonly currentRoundTripTime?: number;
  readonly nominated?: boolean;
}

interface Stats {
  forEach(visit: (row: unknown) => void): void;
}

function lossPct(now: Counts, before: Counts | null): number | null {
  const lost = now.lost - (before?.lost ?? 0);
  const all = now.received - (before?.received ?? 0) + lost;
  return all > 0 ? Math.max(0, (100 * lost) / all) : null;
}

const ms = (seconds: number | undefined): number | null => (seconds === undefined ? null : Math.round(seconds * 1000));

export function qualityOf(stats: Stats, before: Counts | null): { readonly quality: Quality; readonly counts: Counts } {
  let counts: Counts = before ?? { received: 0, lost: 0 };
  let jitter: number | undefined;
  let remote: number | undefined;
  let pair: number | undefined;
  stats.forEach((each) => {
    const row = each as Row;
    if (row.type === 'inbound-rtp' && row.kind === 'audio') {
      counts = { received: row.packetsReceived ?? 0, lost: row.packetsLost ?? 0 };
      jitter = row.jitter;
    }
    if (row.type === 'remote-inbound-rtp') remote = row.roundTripTime;
    if (row.type === 'candidate-pair' && row.nominated) pair = row.currentRoundTripTime;
  });
  return { quality: { rttMs: ms(remote ?? pair), lossPct: lossPct(counts, before), jitterMs: ms(jitter) }, counts };
}
