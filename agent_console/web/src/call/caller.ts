/** Who is on the line, as well as it is known: the chosen owner, the likeliest candidate, the name the caller's phone sent. */
import { useTranslation } from 'react-i18next';
import { useOwner } from '@/api/queries';
import type { Call } from '@/api/calls';
import { phoneNumber } from '@/clock/format';
import type { Pop } from '@/live/messages';

export interface Caller {
  readonly name: string;
  readonly number: string;
  readonly known: boolean;
}

export function useCaller(call: Call | null, pop: Pop | null): Caller {
  const { t } = useTranslation();
  const candidates = pop?.candidates ?? [];
  const chosen = call?.owner ?? null;
  const inPop = candidates.find((candidate) => candidate.owner === chosen);
  const fetched = useOwner(inPop ? null : chosen).data;
  const likeliest = chosen === null ? candidates[0] : undefined;
  const name = inPop?.name ?? fetched?.name ?? likeliest?.name;
  const raw = call === null ? '' : call.direction === 'out' ? call.to : call.from || call.from_raw;
  return {
    name: name ?? (call?.from_name || t('unknown_caller')),
    number: raw === '' ? t('unknown_number') : phoneNumber(raw),
    known: name !== undefined,
  };
}
