/** Whose turn it is: a role, perhaps a person. */
import { useTranslation } from 'react-i18next';
import type { Ticket } from '@/api/tickets';
import { useAgentName } from '@/ui';

/** "hotline engineer · Gao Lei" */
export function useHolder(): (ticket: Pick<Ticket, 'holder_role' | 'holder_agent'>) => string {
  const { t } = useTranslation('tickets');
  const agentName = useAgentName();
  return (ticket) =>
    [ticket.holder_role && t(`role.${ticket.holder_role}`, { defaultValue: ticket.holder_role }), agentName(ticket.holder_agent)].filter(Boolean).join(' · ') || t('role.none');
}
