import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { CallRecord } from '@/api/records';
import type { Ticket } from '@/api/tickets';
import { Due, Icon, Panel, useAgentName } from '@/ui';

/** What came of the call: its ticket, whose turn it is, until when. */
export function About({ call, ticket }: { readonly call: CallRecord; readonly ticket: Ticket | undefined }) {
  const { t } = useTranslation(['calls', 'tickets']);
  const agentName = useAgentName();
  if (!ticket) return null;
  const open = ticket.state !== 'solved' && ticket.state !== 'closed';
  const holder = [ticket.holder_role && t(`tickets:role.${ticket.holder_role}`, { defaultValue: ticket.holder_role }), agentName(ticket.holder_agent)].filter(Boolean).join(' ');
  return (
    <Panel title={t('record.ticket')} aside={open && ticket.due_at !== null && <Due at={ticket.due_at} counting />}>
      <div className="row">
        <Icon name="ticket" />
        <Link to={`/tickets/${call.ticket ?? ''}`} style={{ lineHeight: '24px' }}><b>{ticket.number}</b></Link>
        <span className="cut">{ticket.title}</span>
      </div>
      <p className="sm mut">{[t(`tickets:state.${ticket.state}`), holder].filter(Boolean).join(' · ')}</p>
    </Panel>
  );
}
