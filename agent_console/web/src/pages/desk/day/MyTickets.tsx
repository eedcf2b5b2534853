import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { api } from '@/api/client';
import type { Ticket } from '@/api/tickets';
import type { Page } from '@/api/wire';
import { counted } from '@/pages/list/pages';
import { Due, EmptyState, Panel } from '@/ui';

const SHOWN = 5;

/** Tickets whose next step is mine. */
export function MyTickets() {
  const { t } = useTranslation('desk');
  const list = useQuery({ queryKey: ['tickets', 'mine'], queryFn: () => api.get<Page<Ticket>>('/tickets', { mine: true, state: 'unfinished' }) });
  const rows = list.data?.items ?? [];
  return (
    <Panel title={t('tickets.mine')} count={counted(rows.length, Boolean(list.data?.next))} flush aside={rows.length > SHOWN && <Link className="xs" to="/tickets">{t('common:all')}</Link>}>
      {rows.length === 0 ? (
        <EmptyState icon="ticket" hint={t('tickets.mine_hint')}>{t('tickets.mine_empty')}</EmptyState>
      ) : (
        rows.slice(0, SHOWN).map((ticket) => (
          <div key={ticket.id} className="item">
            <div className="row"><Link to={`/tickets/${ticket.id}`}><b>{ticket.number}</b></Link><span className="grow" />{ticket.due_at && <Due at={ticket.due_at} />}</div>
            <span className="sm cut" title={ticket.title}>{[ticket.title, ticket.owner_name].filter(Boolean).join(' · ')}</span>
          </div>
        ))
      )}
    </Panel>
  );
}
