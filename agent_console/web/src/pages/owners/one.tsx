/** An owner: who he is, what happened, what he has; and the ways to ring, call back, note. */
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate, useParams } from 'react-router';
import { useOwner, useSession } from '@/api/queries';
import type { Owner } from '@/api/owners';
import type { Role } from '@/api/session';
import { useWasTyped } from '@/drafts/form';
import { NewCallback } from '@/pages/callbacks/NewCallback';
import { Missing } from '@/pages/list/Missing';
import { NewTicket } from '@/pages/tickets/NewTicket';
import { EditOwner } from './EditOwner';
import { History } from './History';
import { FactsPanel, NumbersPanel, SamePanel } from './Left';
import css from './owner.module.css';
import { OwnerHead, type OwnerTool } from './OwnerHead';
import { CallbacksPanel, PropertyPanel, TicketsPanel } from './Right';
import { useDial } from './use_dial';

const DIALS: ReadonlySet<Role> = new Set<Role>(['agent', 'hotline_engineer']);
const EDITS: ReadonlySet<Role> = new Set<Role>(['agent', 'hotline_engineer', 'coordinator', 'supervisor']);

export default function OwnerPage() {
  const { id = '' } = useParams();
  const { t } = useTranslation('owners');
  const owner = useOwner(id);
  if (owner.error) {
    return (
      <Missing
        error={owner.error}
        back={{ to: '/owners', text: t('back') }}
        words={{ missing: t('missing.title'), missingHint: t('missing.hint'), forbidden: t('forbidden.title'), forbiddenHint: t('forbidden.hint'), retry: t('error.retry') }}
        onRetry={() => void owner.refetch()}
      />
    );
  }
  return owner.data ? <Record key={id} owner={owner.data} /> : <main className={css.page} aria-busy />;
}

/** The form that was left with something typed, as after a session that ended in the middle. */
function useLeftOpen(owner: string): OwnerTool | null {
  const typed: Readonly<Record<OwnerTool, boolean>> = {
    edit: useWasTyped(`owner.${owner}`),
    ticket: useWasTyped(`ticket.new.${owner}`),
    callback: useWasTyped(`callback.${owner}`),
  };
  return (['edit', 'ticket', 'callback'] as const).find((tool) => typed[tool]) ?? null;
}

function Record({ owner }: { readonly owner: Owner }) {
  const role = useSession().data?.user.role;
  const navigate = useNavigate();
  const dial = useDial();
  const [tool, setTool] = useState(useLeftOpen(owner.id));
  const mayDial = role !== undefined && DIALS.has(role);
  const mayEdit = role !== undefined && EDITS.has(role);
  const ring = (number: string) => void dial.ring({ number, owner: owner.id }).then((done) => done && navigate('/desk'));
  const close = () => setTool(null);
  return (
    <main className={css.page}>
      <OwnerHead owner={owner} dial={dial} onRing={ring} onOpen={setTool} mayDial={mayDial} />
      <div className={css.column} data-zone tabIndex={-1}>
        {tool === 'edit' ? <EditOwner owner={owner} onClose={close} /> : <FactsPanel owner={owner} onEdit={mayEdit ? () => setTool('edit') : null} />}
        {tool !== 'edit' && <NumbersPanel owner={owner} dial={mayDial ? dial : null} onRing={ring} />}
        <SamePanel owner={owner} />
      </div>
      <History owner={owner.id} />
      <div className={css.column} data-zone tabIndex={-1}>
        {tool === 'callback' && <NewCallback owner={owner.id} numbers={owner.phones.map((phone) => phone.e164)} onClose={close} />}
        {tool === 'ticket' && <NewTicket owner={owner} onClose={close} />}
        <TicketsPanel owner={owner} />
        <CallbacksPanel owner={owner} />
        <PropertyPanel owner={owner} />
      </div>
    </main>
  );
}
