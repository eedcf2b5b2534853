/** The reasons of the machine in words: why this owner, why this agent. */
import { useTranslation } from 'react-i18next';
import type { Candidate, Coded } from '@/api/types';
import { duration, moment } from '@/clock/format';
import { serverNow } from '@/clock/ticker';

/** Why a candidate stands where he stands, and what else speaks for him. */
export function useReason(): (candidate: Candidate) => string {
  const { t, i18n } = useTranslation('desk');
  return (candidate) => {
    const { code, params } = candidate.reason;
    const when = typeof params.at === 'string' ? moment(params.at, serverNow(), i18n.language) : '';
    const first = t(`why.${code}`, { ...params, when, defaultValue: code });
    const open = candidate.open_tickets.length;
    const tickets = open > 0 && code !== 'open_ticket' ? t('why.tickets', { n: open }) : '';
    const relation = candidate.properties[0]?.relation ?? '';
    const role = relation && relation !== 'owner' ? t(`common:relation.${relation}`, { defaultValue: relation }) : '';
    return [role, first, tickets].filter(Boolean).join(' · ');
  };
}

/** Why this call came to me. */
export function useOfferReasons(): (reasons: readonly Coded[]) => string[] {
  const { t } = useTranslation('desk');
  return (reasons) =>
    reasons.map(({ code, params }) => {
      const span = typeof params.seconds === 'number' ? duration(params.seconds) : '';
      return t(`offer_reason.${code}`, { ...params, span, defaultValue: code });
    });
}
