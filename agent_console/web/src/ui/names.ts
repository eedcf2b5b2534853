/** Names that exist in both languages, and coded values that pages show. */
import { useCallback } from 'react';
import type { UseQueryResult } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useAuxReasons, useDispositions, useQueues } from '@/api/queries';
import type { Named } from '@/api/house';
import { useAgents } from '@/live/store';

export const nameOf = (row: { readonly name_zh: string; readonly name_en: string }, language: string): string =>
  language.startsWith('en') ? row.name_en : row.name_zh;

/** id → name in the page's language; nothing until the list has come, so that no code flashes up. An id nobody knows shows itself. */
function useNameOf({ data: rows, isPending }: Pick<UseQueryResult<readonly Named[]>, 'data' | 'isPending'>): (id: string | null | undefined) => string {
  const { i18n } = useTranslation();
  return useCallback(
    (id) => {
      const row = rows?.find((candidate) => candidate.id === id);
      if (row) return nameOf(row, i18n.language);
      return isPending ? '' : (id ?? '');
    },
    [rows, isPending, i18n.language],
  );
}

/** Agents by name. The live picture holds those the reader may see; anybody else is shown by number. */
export function useAgentName(): (id: string | null | undefined) => string {
  const agents = useAgents();
  return useCallback((id) => (id ? (agents[id]?.name ?? id.replace(/^agt-/, '')) : ''), [agents]);
}

/** Reasons set by the system only: nobody chooses them. */
const SYSTEM = new Set(['after_login', 'logged_in', 'no_answer', 'not_reachable', 'page_back', 'page_gone', 'page_silent']);

export const useChoosableReasons = (): readonly Named[] => (useAuxReasons().data ?? []).filter((reason) => reason.chosen !== false && !SYSTEM.has(reason.id));

export const useQueueName = () => useNameOf(useQueues());
/** Reasons that the core sets by itself are words of the console; what an agent chooses is called as the installation calls it. */
export function useAuxName(): (id: string | null | undefined) => string {
  const { t } = useTranslation();
  const named = useNameOf(useAuxReasons());
  return (id) => {
    if (!id) return '';
    const own = named(id);
    return !SYSTEM.has(id) && own !== id ? own : t(`aux.${id}`, { defaultValue: own });
  };
}

export const useDispositionName = () => useNameOf(useDispositions());

/** A skill is a queue, a language or a trade; one nobody named shows its code. */
export function useSkillName(): (skill: string) => string {
  const { t } = useTranslation();
  const queue = useQueueName();
  return (skill) => {
    const named = queue(skill);
    return named !== '' && named !== skill ? named : t(`skill.${skill}`, { defaultValue: t(`language.${skill}`, { defaultValue: skill }) });
  };
}

/** A symptom is one of the codes below or free text (what another system wrote). */
export const SYMPTOMS = ['dead', 'no_picture', 'no_sound', 'no_open', 'keys_dead', 'leak', 'blocked', 'noise', 'no_heat', 'other'] as const;

export function useSymptomText(): (symptom: string | null | undefined) => string {
  const { t } = useTranslation();
  return (symptom) => (symptom ? t(`symptom.${symptom}`, { defaultValue: symptom }) : '');
}
