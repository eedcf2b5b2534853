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

/** What went wrong, in the reader's words. Codes without a sentence show themselves, so that support can look them up.
 *  `agentName`: whoever holds what was wanted is named, not numbered. */
export function errorText(t: TFunction, error: unknown, agentName: (id: string) => string = (id) => id): string {
  const known = error instanceof ApiError ? error : new ApiError('unknown_error');
  const { holder } = known.params;
  const named = known.code === 'taken' ? { holder: (typeof holder === 'string' && agentName(holder)) || t('common:somebody') } : {};
  return t(`common:errors.${known.code}`, { ...known.params, ...named, defaultValue: t('common:errors.unknown_error', { code: known.code }) });
}
