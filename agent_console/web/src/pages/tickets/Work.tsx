/** What one may do with a ticket: take it, hand it over with a line for the next, solve, close, open again. */
import { Button, NativeSelect, Textarea } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '@/api/client';
import { ApiError, whyText } from '@/api/errors';
import { useSession } from '@/api/queries';
import type { Ticket, TicketPatch, TicketState } from '@/api/tickets';
import { useFormDraft } from '@/drafts/form';
import { useAgents } from '@/live/store';
import { byNumber } from '@/pages/board/rows';
import { ErrorLine, Icon, Panel } from '@/ui';
import css from './ticket.module.css';

const ROLES = ['agent', 'hotline_engineer', 'coordinator', 'field_engineer', 'supervisor'] as const;

/** The moves each state allows, in the order of their buttons. The server has the last word. */
const MOVES: Readonly<Record<TicketState, readonly ('solve' | 'close' | 'reopen')[]>> = {
  open: ['solve', 'close'],
  handed_over: ['solve'],
  in_progress: ['solve'],
  solved: ['close', 'reopen'],
  closed: ['reopen'],
};
const TO: Readonly<Record<'solve' | 'close' | 'reopen', TicketState>> = { solve: 'solved', close: 'closed', reopen: 'open' };

type Change = Omit<TicketPatch, 'version'>;

function useChange(ticket: Ticket) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (change: Change) => api.patch<Ticket>(`/tickets/${ticket.id}`, { version: ticket.version, ...change }),
    onSuccess: (saved) => {
      queries.setQueryData(['tickets', ticket.id], saved);
      for (const key of ['tickets', 'owners', 'task-sheets']) void queries.invalidateQueries({ queryKey: [key] });
    },
    onError: (error) => {
      if (error instanceof ApiError && error.status === 409) void queries.invalidateQueries({ queryKey: ['tickets', ticket.id] });
    },
  });
}

export function Work({ ticket }: { readonly ticket: Ticket }) {
  const { t } = useTranslation(['tickets', 'common']);
  const session = useSession().data;
  const change = useChange(ticket);
  const { values: { line }, set, drop } = useFormDraft(`ticket.${ticket.id}`, { line: '' });
  const me = session?.agent?.id ?? null;
  const conflict = change.error instanceof ApiError && change.error.code === 'conflict';
  const withLine = (rest: Change): Change => (line.trim() === '' ? rest : { ...rest, add_note: line.trim() });
  const run = (rest: Change) => change.mutate(withLine(rest), { onSuccess: drop });
  const running = ticket.state !== 'solved' && ticket.state !== 'closed';
  // A task sheet is steered by those who work on it; whoever left it may add to it.
  const steers = !(ticket.kind === 'task_sheet' && session?.user.role === 'agent');
  const canTake = steers && running && me !== null && (ticket.holder_agent !== me || ticket.state !== 'in_progress');
  return (
    <Panel title={t('act.title')}>
      <div className={css.form}>
        <Textarea size="xs" label={t('act.note')} placeholder={t('act.note_hint')} autosize minRows={2} maxRows={6} maxLength={2000} value={line} onChange={(event) => set({ line: event.currentTarget.value })} />
        <div className={css.buttons}>
          <Button size="xs" variant="default" disabled={line.trim() === ''} loading={change.isPending} onClick={() => run({})}>{t('act.save_note')}</Button>
          {canTake && (
            <Button variant="filled" size="xs" loading={change.isPending} leftSection={<Icon name="check" size={14} />} onClick={() => run(ticket.state === 'in_progress' ? { holder_role: session?.user.role, holder_agent: me } : { state: 'in_progress', holder_role: session?.user.role, holder_agent: me })}>{t('act.take')}</Button>
          )}
          {steers && MOVES[ticket.state].map((move) => (
            <Button key={move} size="xs" variant="default" loading={change.isPending} onClick={() => run({ state: TO[move] })}>{t(`act.${move}`)}</Button>
          ))}
        </div>
        {change.error !== null && <ErrorLine>{conflict ? t('act.conflict') : t('act.failed', { why: whyText(t, change.error) })}</ErrorLine>}
        <span role="status" className="xs mut">{change.isSuccess ? t('act.saved') : ''}</span>
        {steers && running && <HandOver key={ticket.version} line={line} busy={change.isPending} onHandOver={(role, agent) => run({ holder_role: role, ...(agent === '' ? {} : { holder_agent: agent }) })} />}
      </div>
    </Panel>
  );
}

interface HandOverProps {
  readonly line: string;
  readonly busy: boolean;
  readonly onHandOver: (role: string, agent: string) => void;
}

/** Refused while the role or the line for the next holder is missing, and says which. */
function HandOver({ line, busy, onHandOver }: HandOverProps) {
  const { t } = useTranslation('tickets');
  const [role, setRole] = useState('');
  const [agent, setAgent] = useState('');
  const [refused, setRefused] = useState<'missing' | 'need_note' | null>(null);
  const field = useRef<HTMLSelectElement>(null);
  const people = byNumber(Object.values(useAgents())).filter((one) => one.role === role);
  const hand = () => {
    const why = role === '' ? 'missing' : line.trim() === '' ? 'need_note' : null;
    setRefused(why);
    if (why === 'missing') field.current?.focus();
    if (why === null) onHandOver(role, agent);
  };
  return (
    <fieldset className={css.form} style={{ border: 0, margin: 0, padding: '8px 0 0', borderTop: '1px solid var(--line)' }}>
      <legend className="sr">{t('act.hand_over')}</legend>
      <NativeSelect ref={field} size="xs" label={t('act.to_role')} value={role} onChange={(event) => { setRole(event.currentTarget.value); setAgent(''); }} data={[{ value: '', label: '–' }, ...ROLES.map((value) => ({ value, label: t(`role.${value}`) }))]} />
      {people.length > 0 && (
        <NativeSelect size="xs" label={t('act.to_agent')} value={agent} onChange={(event) => setAgent(event.currentTarget.value)} data={[{ value: '', label: t('act.anyone') }, ...people.map((one) => ({ value: one.id, label: `${one.name} ${one.number}` }))]} />
      )}
      {refused !== null && <ErrorLine>{t(`act.${refused}`)}</ErrorLine>}
      <Button size="xs" variant="default" justify="start" style={{ width: 'max-content' }} loading={busy} onClick={hand} leftSection={<Icon name="right" size={14} />}>{t('act.do_hand_over')}</Button>
    </fieldset>
  );
}
