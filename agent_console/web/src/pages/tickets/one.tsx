/** One ticket: what it is about, what happened, whose turn it is, and what one may do with it. */
import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate, useParams } from 'react-router';
import { api } from '@/api/client';
import { useOwner, useSession } from '@/api/queries';
import type { Ticket } from '@/api/tickets';
import { mayOpen } from '@/app/access';
import { moment } from '@/clock/format';
import { serverNow } from '@/clock/ticker';
import { Missing } from '@/pages/list/Missing';
import { Local } from '@/pages/owners/OwnerHead';
import { useDial } from '@/pages/owners/use_dial';
import { useAction } from '@/shell/actions';
import { Due, EmptyState, ErrorLine, Icon, Panel, Tag, useAgentName, useSymptomText } from '@/ui';
import { stepOf } from './history';
import { useHolder } from './holder';
import css from './ticket.module.css';
import { Work } from './Work';

export default function TicketPage() {
  const { id = '' } = useParams();
  const { t } = useTranslation('tickets');
  const ticket = useQuery({ queryKey: ['tickets', id], queryFn: ({ signal }) => api.get<Ticket>(`/tickets/${id}`, undefined, signal) });
  if (ticket.error) {
    return (
      <Missing
        error={ticket.error}
        back={{ to: '/tickets', text: t('back') }}
        words={{ missing: t('missing.title'), missingHint: t('missing.hint'), forbidden: t('forbidden.title'), forbiddenHint: t('forbidden.hint'), retry: t('error.retry') }}
        onRetry={() => void ticket.refetch()}
      />
    );
  }
  return ticket.data ? <Record key={id} ticket={ticket.data} /> : <main className={css.page} aria-busy />;
}

function Record({ ticket }: { readonly ticket: Ticket }) {
  const { t } = useTranslation('tickets');
  const mayWork = useSession().data?.user.role !== 'field_engineer';
  return (
    <main className={css.page} data-read-only={!mayWork || undefined}>
      <Head ticket={ticket} />
      <div className={css.column} data-zone tabIndex={-1} role="group" aria-label={t('page.facts')}>
        <Facts ticket={ticket} />
      </div>
      <div className={css.column} data-zone tabIndex={-1} role="group" aria-label={t('history.title')}>
        <Steps ticket={ticket} />
      </div>
      {mayWork && (
        <div className={css.column} data-zone tabIndex={-1} role="group" aria-label={t('act.title')}>
          <Work ticket={ticket} />
        </div>
      )}
    </main>
  );
}

const DIALS = new Set(['agent', 'hotline_engineer']);

function Head({ ticket }: { readonly ticket: Ticket }) {
  const { t } = useTranslation(['tickets', 'owners']);
  const navigate = useNavigate();
  const role = useSession().data?.user.role;
  const owner = useOwner(mayOpen(role, 'owners') ? ticket.owner : null).data;
  const dial = useDial();
  const number = ticket.phone || owner?.phones.find((phone) => phone.label !== 'do_not_call')?.e164 || '';
  const mayDial = role !== undefined && DIALS.has(role) && number !== '';
  const ring = () => void dial.ring({ number, owner: ticket.owner ?? undefined, ticket: ticket.id }).then((done) => done && navigate('/desk'));
  useAction('dial', ring, mayDial && dial.whyNot === null);
  const running = ticket.state !== 'solved' && ticket.state !== 'closed';
  return (
    <header className={css.head}>
      <Icon name={ticket.kind === 'task_sheet' ? 'sheet' : 'ticket'} size={20} />
      <h1>{ticket.title}</h1>
      <Tag tone="outline">{t(`kind.${ticket.kind}`)}</Tag>
      <span className="sm mut num">{ticket.number}</span>
      <span className={css.push}>
        {running && ticket.due_at !== null ? <Due at={ticket.due_at} counting /> : <span className="sm mut">{t('page.no_clock')}</span>}
        {number !== '' && <Local number={number} />}
        {mayDial && (
          <Button size="sm" variant="default" disabled={dial.whyNot !== null} loading={dial.dialling !== null} title={dial.whyNot ? t(`owners:why_not.${dial.whyNot}`) : undefined} onClick={ring} leftSection={<Icon name="phone-out" />} rightSection={<kbd aria-hidden>Alt C</kbd>}>
            {t('act.call')}
          </Button>
        )}
      </span>
      {dial.error !== null && <div className={css.error}><ErrorLine error={dial.error} /></div>}
    </header>
  );
}

function Facts({ ticket }: { readonly ticket: Ticket }) {
  const { t, i18n } = useTranslation('tickets');
  const symptom = useSymptomText();
  const agentName = useAgentName();
  const none = t('page.none');
  const role = useSession().data?.user.role;
  const ownerName = ticket.owner_name || t('page.open_owner');
  const created = ticket.history.find((step) => step.code === 'created');
  return (
    <>
      <Panel title={t('page.facts')} count={t('page.created', { time: moment(ticket.created_at, serverNow(), i18n.language), who: created?.actor_name || agentName(ticket.created_by) })}>
        <dl className="kv">
          <dt>{t('page.owner')}</dt><dd>{!ticket.owner ? none : mayOpen(role, 'owners') ? <Link to={`/owners/${ticket.owner}`}>{ownerName}</Link> : ownerName}</dd>
          <dt>{t('page.property')}</dt><dd>{ticket.address || none}</dd>
          <dt>{t('page.equipment')}</dt><dd>{ticket.equipment || none}</dd>
          <dt>{t('page.symptom')}</dt><dd>{symptom(ticket.symptom) || none}</dd>
          <dt>{t('page.since_when')}</dt><dd>{ticket.since_when || none}</dd>
          <dt>{t('page.service_mode')}</dt><dd>{t(`mode.${ticket.service_mode || 'none'}`, { defaultValue: ticket.service_mode ?? '' })}</dd>
          <dt>{t('page.priority')}</dt><dd>{t(`priority.${ticket.priority ?? 2}`)}</dd>
          {ticket.call !== null && mayOpen(role, 'calls') && <><dt>{t('page.call')}</dt><dd><Link to={`/calls/${ticket.call}`}>{t('page.open_call')}</Link></dd></>}
        </dl>
      </Panel>
      <Panel title={t('page.note')}>
        <p className={css.note}>{ticket.note || none}</p>
      </Panel>
    </>
  );
}

function Steps({ ticket }: { readonly ticket: Ticket }) {
  const { t, i18n } = useTranslation('tickets');
  const agentName = useAgentName();
  const holder = useHolder()(ticket);
  const words = {
    role: (code: string) => t(`role.${code}`, { defaultValue: code }),
    agent: agentName,
    state: (code: string) => t(`state.${code}`, { defaultValue: code }),
    field: (name: string) => t(`field.${name}`, { defaultValue: name }),
    outcome: (code: string) => t(`outcome.${code}`, { defaultValue: code }),
  };
  return (
    <Panel title={t('history.title')} count={`${t(`state.${ticket.state}`)} · ${holder}`}>
      {ticket.history.length === 0 && <EmptyState icon="clock">{t('history.empty')}</EmptyState>}
      <ol className={css.steps} tabIndex={0} aria-label={t('history.title')}>
        {ticket.history.map((event, i) => {
          const step = stepOf(event, words);
          return (
            <li key={`${event.at}${i}`}>
              <time dateTime={event.at} className="num">{moment(event.at, serverNow(), i18n.language)}</time>
              <div>{t(step.key, step.params)}<p>{event.actor_name || t('history.system')}</p></div>
            </li>
          );
        })}
      </ol>
    </Panel>
  );
}
