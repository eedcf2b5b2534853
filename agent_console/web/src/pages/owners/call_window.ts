/** The owner's local time and whether one may ring him now. The zone follows from the number's country. */

/** Countries of one zone; a number of any other country shows no local time rather than a wrong one. */
const ZONES: readonly (readonly [string, string])[] = [
  ['+852', 'Asia/Hong_Kong'], ['+853', 'Asia/Macau'], ['+886', 'Asia/Taipei'], ['+86', 'Asia/Shanghai'],
  ['+81', 'Asia/Tokyo'], ['+82', 'Asia/Seoul'], ['+65', 'Asia/Singapore'], ['+44', 'Europe/London'],
  ['+49', 'Europe/Berlin'], ['+33', 'Europe/Paris'], ['+39', 'Europe/Rome'], ['+91', 'Asia/Kolkata'],
];

/** Calls are welcome from 8:00 until 20:00 where the owner is. */
export const WINDOW = { from: 8 * 60, to: 20 * 60 } as const;

export interface LocalTime {
  readonly zone: string;
  /** Minutes since midnight there. */
  readonly minutes: number;
  readonly text: string;
  readonly mayCall: boolean;
}

/** The zone of a number in E.164; null when its country has several, or none is known. */
export function zoneOf(e164: string): string | null {
  return ZONES.find(([prefix]) => e164.startsWith(prefix))?.[1] ?? null;
}

/** Local time at the number, and whether it lies in the call window. */
export function localTime(e164: string, now: number): LocalTime | null {
  const zone = zoneOf(e164);
  if (zone === null) return null;
  const text = new Intl.DateTimeFormat('en-GB', { timeZone: zone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(now);
  const [h = 0, m = 0] = text.split(':').map(Number);
  const minutes = h * 60 + m;
  return { zone, minutes, text, mayCall: minutes >= WINDOW.from && minutes < WINDOW.to };
}

/** 480 → "08:00". */
export function clockOf(minutes: number): string {
  return `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
}
