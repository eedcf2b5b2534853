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

const MOBILE = /^1[3-9]\d{9}$/;
/** Beijing, Guangzhou, Shanghai, Tianjin, Chongqing, Shenyang, Nanjing, Wuhan, Chengdu, Xi'an have two digits, the others three. */
const LAND_LINE = /^(10|2\d|[3-9]\d{2})(\d{7,8})$/;
/** 400 and 800 numbers: 400 000 0000. */
const SERVICE = /^([48]00)(\d{3})(\d{4})$/;

/** "+8613800000101" → "+86 138 0000 0101", "+861012345678" → "+86 10 1234 5678", "075588888888" → "0755 8888 8888".
 *  Numbers of other countries, extensions and short codes stay as they are. */
export function phoneNumber(number: string): string {
  const bare = number.replace(/[\s()-]/g, '');
  const [, country = '', trunk = '', national = ''] = /^(\+86|0086)?(0?)(\d+)$/.exec(bare) ?? [];
  const groups = chinese(national, country === '' && trunk === '');
  if (groups === null) return number;
  if (country !== '') return `+86 ${groups.join(' ')}`;
  return MOBILE.test(national) ? groups.join(' ') : `${trunk}${groups.join(' ')}`;
}

/** `local`: neither +86 nor 0 before it, so that an area code cannot be told from a subscriber's own digits. */
function chinese(national: string, local: boolean): readonly string[] | null {
  if (MOBILE.test(national)) return [national.slice(0, 3), national.slice(3, 7), national.slice(7)];
  const service = SERVICE.exec(national);
  if (service) return service.slice(1);
  const [, area = '', rest = ''] = (local ? null : LAND_LINE.exec(national)) ?? [];
  return area === '' ? null : [area, rest.slice(0, -4), rest.slice(-4)];
}

export const percent = (ratio: number | null): string => (ratio === null ? '–' : `${Math.round(ratio * 100)} %`);
