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
