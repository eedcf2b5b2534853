/** From what was measured to what is said: passed, a suggestion, failed, or not done yet. Pure. */
import type { CheckResult } from '@/api/session';

export type Tone = 'ok' | 'soon' | 'late' | 'wait';
export const PARTS = ['microphone', 'speaker', 'ringer', 'autoplay', 'sip', 'rtt'] as const;
export type Part = (typeof PARTS)[number];
export type Verdicts = Readonly<Record<Part, Tone>>;

export interface Measured {
  readonly microphone: 'unknown' | 'ready' | 'denied' | 'missing';
  /** The loudest the microphone has been, 0…1. */
  readonly peak: number;
  readonly speakerHeard: boolean | null;
  readonly sameRinger: boolean;
  readonly unlocked: boolean;
  readonly registration: 'off' | 'connecting' | 'registered' | 'failed';
  readonly rttMs: readonly number[];
}

export const RTT_LIMIT_MS = 150;
const AUDIBLE = 0.15;

export const median = (values: readonly number[]): number | null => {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? null;
};

function microphone({ microphone: state, peak }: Measured): Tone {
  if (state === 'denied' || state === 'missing') return 'late';
  if (state === 'unknown') return 'wait';
  return peak >= AUDIBLE ? 'ok' : 'soon';
}

function sip({ registration }: Measured): Tone {
  if (registration === 'registered') return 'ok';
  return registration === 'failed' ? 'late' : 'wait';
}

function rtt({ rttMs }: Measured): Tone {
  const middle = median(rttMs);
  if (middle === null) return 'wait';
  return middle <= RTT_LIMIT_MS ? 'ok' : 'soon';
}

export function verdicts(measured: Measured): Verdicts {
  return {
    microphone: microphone(measured),
    speaker: measured.speakerHeard === null ? 'soon' : measured.speakerHeard ? 'ok' : 'late',
    ringer: measured.sameRinger ? 'soon' : 'ok',
    autoplay: measured.unlocked ? 'ok' : 'soon',
    sip: sip(measured),
    rtt: rtt(measured),
  };
}

/** Calls come when nothing is red and the line is up; suggestions do not block. */
export const mayStart = (all: Verdicts): boolean => all.sip === 'ok' && all.microphone !== 'wait' && PARTS.every((part) => all[part] !== 'late');

export const count = (all: Verdicts, tone: Tone): number => PARTS.filter((part) => all[part] === tone).length;

export function checkResult(measured: Measured): CheckResult {
  const all = verdicts(measured);
  return {
    microphone: all.microphone !== 'late',
    speaker: measured.speakerHeard,
    ringer: !measured.sameRinger,
    autoplay: measured.unlocked,
    sip: measured.registration === 'registered',
    rtt_ms: median(measured.rttMs),
    microphone_peak: Math.round(measured.peak * 100) / 100,
    rtt_worst_ms: measured.rttMs.length > 0 ? Math.max(...measured.rttMs) : null,
  };
}
