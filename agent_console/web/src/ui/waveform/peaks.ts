/** Peaks of a recording as the server makes them: one loudest sample (0…255) per step and channel. */
export interface Peaks {
  readonly seconds: number;
  readonly per_second: number;
  /** Left = the customer, right = the agent side. */
  readonly channels: readonly (readonly number[])[];
}

const FULL_SCALE = 255;

/** What came over the wire, checked: a broken file must not break the page. */
export function readPeaks(value: unknown): Peaks | null {
  if (typeof value !== 'object' || value === null) return null;
  const { seconds, per_second, channels } = value as Record<string, unknown>;
  if (typeof seconds !== 'number' || typeof per_second !== 'number' || !Array.isArray(channels)) return null;
  if (!(seconds > 0) || channels.length === 0) return null;
  const rows = channels.map((row: unknown) => (Array.isArray(row) ? row.map((x) => clamp(Number(x))) : []));
  return { seconds, per_second, channels: rows };
}

function clamp(x: number): number {
  return Number.isFinite(x) ? Math.min(FULL_SCALE, Math.max(0, x)) : 0;
}

/** Fold a channel into `bars` columns of 0…1: the loudest sample of each, so a short word never vanishes. */
export function bars(channel: readonly number[], count: number): number[] {
  if (count <= 0) return [];
  const step = channel.length / count;
  return Array.from({ length: count }, (_, i) => {
    const from = Math.floor(i * step);
    const to = Math.max(from + 1, Math.floor((i + 1) * step));
    return Math.max(0, ...channel.slice(from, to)) / FULL_SCALE;
  });
}

/** Both channels scaled 0…1 for a player that takes its peaks ready-made. A single channel is drawn on both sides. */
export function normalised(peaks: Peaks): number[][] {
  const left = peaks.channels[0] ?? [];
  const right = peaks.channels[1] ?? left;
  return [left, right].map((row) => row.map((x) => x / FULL_SCALE));
}

/** Is nobody speaking at this second? Used to skip silence; a step counts as silent below 4 % of full scale. */
export function silentAt(peaks: Peaks, second: number): boolean {
  const i = Math.floor(second * peaks.per_second);
  return peaks.channels.every((row) => (row[i] ?? 0) < FULL_SCALE * 0.04);
}

/** The next second at which somebody speaks, at or after `second`; the end when nobody does. */
export function nextSpeech(peaks: Peaks, second: number): number {
  const steps = Math.max(0, ...peaks.channels.map((row) => row.length));
  for (let i = Math.max(0, Math.floor(second * peaks.per_second)); i < steps; i += 1) {
    if (!silentAt(peaks, (i + 0.5) / peaks.per_second)) return Math.max(second, i / peaks.per_second);
  }
  return peaks.seconds;
}
