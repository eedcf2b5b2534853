/** How durations, times of day and numbers are written. Pure; `language` is the page's. */

const pad = (n: number): string => String(n).padStart(2, '0');

/** 252 → "4:12", 3725 → "1:02:05". A negative span counts as its size: the sign is said in words. */
export function duration(total: number): string {
  const s = Math.floor(Math.abs(total));
  const hours = Math.floor(s / 3600);
  const minutes = Math.floor((s % 3600) / 60);
  return hours > 0 ? `${hours}:${pad(minutes)}:${pad(s % 60)}` : `${minutes}:${pad(s % 60)}`;
}

const formats = new Map<string, Intl.DateTimeFormat>();

function format(language: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${language}${JSON.stringify(options)}`;
  const known = formats.get(key) ?? new Intl.DateTimeFormat(language, options);
  formats.set(key, known);
  return known;
}

export const timeOfDay = (at: string | number, language: string): string =>
  format(language, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(new Date(at));

export const timeWithSeconds = (at: string | number, language: string): string =>
  format(language, { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' }).format(new Date(at));

export const weekday = (at: string | number, language: string): string => format(language, { weekday: 'short' }).format(new Date(at));

/** "11-22", in the year's own days; with the year when it is another one. */
export function day(at: string | number, now: number): string {
  const d = new Date(at);
  const short = `${pad(d.getMonth() + 1)}-${pad(d.getDate())}`;
  return d.getFullYear() === new Date(now).getFullYear() ? short : `${d.getFullYear()}-${short}`;
}

export const sameDay = (a: string | number, b: string | number): boolean => new Date(a).toDateString() === new Date(b).toDateString();

/** Today only the time, else day and time. */
export const moment = (at: string | number, now: number, language: string): string =>
  sameDay(at, now) ? timeOfDay(at, language) : `${day(at, now)} ${timeOfDay(at, language)}`;

/** "+8613800000101" → "+86 138 0000 0101". Other numbers stay as they are. */
export function phoneNumber(e164: string): string {
  const china = /^\+86(1\d{2})(\d{4})(\d{4})$/.exec(e164);
  return china ? `+86 ${china.slice(1).join(' ')}` : e164;
}

export const percent = (ratio: number | null): string => (ratio === null ? '–' : `${Math.round(ratio * 100)} %`);
