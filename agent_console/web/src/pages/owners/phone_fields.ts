/** Numbers while they are edited. */
import type { PhoneNumber } from '@/api/owners';

export interface PhoneField {
  readonly key: string;
  readonly number: string;
  readonly label: string;
}

export const LABELS = ['mobile', 'home', 'work', 'other', 'do_not_call'] as const;

export const fieldsOf = (phones: readonly PhoneNumber[]): PhoneField[] =>
  phones.map((phone) => ({ key: phone.id, number: phone.e164, label: phone.label ?? '' }));

/** What is sent: rows without a number are no numbers. */
export const phonesOf = (fields: readonly PhoneField[]): { number: string; label: string }[] =>
  fields.filter((field) => field.number.trim() !== '').map(({ number, label }) => ({ number: number.trim(), label }));

const digits = (number: string): string => number.replace(/[^\d+]/g, '');

/** Somebody else changed the numbers while they were edited here: what was typed stays, what he added joins it, what he removed goes.
 *  `began`: the numbers the form began with. */
export function merged(fields: readonly PhoneField[], began: readonly string[], latest: readonly PhoneNumber[]): PhoneField[] {
  const now = new Set(latest.map((phone) => phone.e164));
  const kept = fields.filter((field) => now.has(digits(field.number)) || !began.includes(digits(field.number)));
  const known = new Set([...began, ...kept.map((field) => digits(field.number))]);
  return [...kept, ...fieldsOf(latest.filter((phone) => !known.has(phone.e164)))];
}
