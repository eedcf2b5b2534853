/** One error type for REST and commands: a stable code with parameters. The sentence is made by `errorText`. */
import type { TFunction } from 'i18next';

export type Params = Readonly<Record<string, unknown>>;

export class ApiError extends Error {
  constructor(
    readonly code: string,
    readonly params: Params = {},
    readonly status = 0,
  ) {
    super(code);
    this.name = 'ApiError';
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

/** Reads `{code, params}` out of whatever came; anything else is `unknown_error`. */
export function readError(value: unknown, status = 0): ApiError {
  const error = isRecord(value) && isRecord(value.error) ? value.error : value;
  if (isRecord(error) && typeof error.code === 'string') {
    return new ApiError(error.code, isRecord(error.params) ? error.params : {}, status);
  }
  return new ApiError(status === 401 ? 'signed_out' : 'unknown_error', { status }, status);
}

/** Which fields an error is about, innermost names: `phones.0.number` is a number. */
function fieldsOf({ params }: ApiError): readonly string[] {
  const named = Array.isArray(params.fields) && params.fields.length > 0 ? params.fields : [params.field];
  const inner = named.filter((one) => typeof one === 'string').map((path) => path.split('.').findLast((part) => !/^\d+$/.test(part)) ?? '');
  return [...new Set(inner)];
}

/** The fields in words; empty when one of them has none: half a list would mislead. */
function fieldWords(t: TFunction, error: ApiError): string {
  const words = fieldsOf(error).map((field) => t(`common:field.${field}`, { defaultValue: '' }));
  return words.includes('') ? '' : words.join(t('common:list_join'));
}

/** A refusal that names its fields says which, and why when it is known. */
function fieldText(t: TFunction, error: ApiError): string | null {
  if (error.code !== 'invalid_value' && error.code !== 'fields_missing') return null;
  const fields = fieldWords(t, error);
  if (fields === '') return null;
  const { reason } = error.params;
  const why = typeof reason === 'string' ? t(`common:reason.${reason}`, { defaultValue: '' }) : '';
  return why === '' ? t(`common:errors.${error.code}_at`, { fields }) : t('common:errors.invalid_value_why', { fields, why });
}

/** What went wrong, in the reader's words. Codes without a sentence show themselves, so that support can look them up.
 *  `agentName`: whoever holds what was wanted is named, not numbered. */
export function errorText(t: TFunction, error: unknown, agentName: (id: string) => string = (id) => id): string {
  const known = error instanceof ApiError ? error : new ApiError('unknown_error');
  const { code, params } = known;
  const { holder } = params;
  const named = code === 'taken' ? { holder: (typeof holder === 'string' && agentName(holder)) || t('common:somebody') } : {};
  return fieldText(t, known) ?? t(`common:errors.${code}`, { ...params, ...named, defaultValue: t('common:errors.unknown_error', { code }) });
}

/** The same inside a longer sentence, which has a full stop of its own. */
export const whyText = (...args: Parameters<typeof errorText>): string => errorText(...args).replace(/[.。]$/, '');
