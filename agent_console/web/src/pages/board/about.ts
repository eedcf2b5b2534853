/** What stands beside an agent's name: the call, the reason, or since when. */
import { useTranslation } from 'react-i18next';
import type { Agent } from '@/api/agents';
import type { Call } from '@/api/calls';
import { timeOfDay } from '@/clock/format';
import { useAuxName, useQueueName } from '@/ui';
import { masked } from './rows';

/** `tight`: there is room for the number alone. */
type About = (agent: Agent, call: Call | null, partner: string, tight: boolean) => string;

/** A function, so that one row's words cost no hook of its own. */
export function useAbout(): About {
  const { t, i18n } = useTranslation('board');
  const queueName = useQueueName();
  const auxName = useAuxName();
  const reason = (code: string | null): string => {
    if (!code) return '';
    const named = auxName(code);
    return named === code ? t(`aux.${code}`, { defaultValue: code }) : named;
  };
  return (agent, call, partner, tight) => {
    const short = tight && i18n.language === 'en';
    switch (agent.state) {
      case 'AUX':
      case 'LOST':
        return reason(agent.reason);
      case 'LOGGED_OUT':
        return short ? '' : t('left_at', { time: timeOfDay(agent.since, i18n.language) });
      case 'CONSULTING':
        return partner === '' || short ? partner : t('with', { name: partner });
      default:
        if (call === null) return '';
        return [masked(call.direction === 'out' ? call.to : call.from), short ? '' : queueName(call.queue)].filter(Boolean).join(' ');
    }
  };
}

/** Who an agent in a consult talks to: the engineer, or for the engineer the agent. */
export function partnerOf(agent: Agent, call: Call | null): string | null {
  if (call === null) return null;
  const engineer = call.consult?.engineer ?? call.engineer;
  return engineer === agent.id ? call.agent : engineer;
}
