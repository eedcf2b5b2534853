import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { TicketBrief } from '@/api/tickets';
import { Due, Panel } from '@/ui';

/** What is already in the works for this owner. */
export function OpenTickets({ tickets }: { readonly tickets: readonly TicketBrief[] }) {
  const { t } = useTranslation('desk');
  if (tickets.length === 0) return null;
  return (
    <Panel title={t('tickets.open')} count={tickets.length} flush live>
      {tickets.map((ticket) => (
        <div className="item" key={ticket.id}>
          <div className="row">
            <Link to={`/tickets/${ticket.id}`}><b>{ticket.number}</b></Link>
            <span className="grow" />
            {ticket.due_at && <Due at={ticket.due_at} />}
          </div>
          <span className="sm cut" title={ticket.title}>{ticket.title} · {t(`common:ticket_state.${ticket.state}`)}</span>
        </div>
      ))}
    </Panel>
  );
}
