/** The reasons of the machine in words: why this owner, why this agent. */
import { useTranslation } from 'react-i18next';
import type { Candidate } from '@/api/owners';
import type { Coded } from '@/api/wire';
import { day, duration, sameDay, timeOfDay } from '@/clock/format';
import { serverNow } from '@/clock/ticker';
import { useSkillName } from '@/ui';

/** Why a candidate stands where he stands, and what else speaks for him. */
export function useReason(): (candidate: Candidate) => string {
  const { t, i18n } = useTranslation('desk');
  /** Short, as it stands under a name: the time today, "yesterday", else the day. */
  const recently = (at: string, now: number): string => {
    if (sameDay(at, now)) return timeOfDay(at, i18n.language);
    return sameDay(at, now - 86_400_000) ? t('common:yesterday') : day(at, now);
  };
  return (candidate) => {
    const { code, params } = candidate.reason;
    const when = typeof params.at === 'string' ? recently(params.at, serverNow()) : '';
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
  const queue = useSkillName();
  return (reasons) =>
    reasons.map(({ code, params }) => {
      const span = typeof params.seconds === 'number' ? duration(params.seconds) : '';
      return t(`offer_reason.${code}`, { ...params, span, ...(typeof params.skill === 'string' ? { skill: queue(params.skill) } : {}), defaultValue: code });
    });
}
