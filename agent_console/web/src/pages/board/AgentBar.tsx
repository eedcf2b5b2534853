/** The selected agent at a fixed place: state, reach, call. */
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { Agent } from '@/api/agents';
import type { Call } from '@/api/calls';
import { phoneNumber } from '@/clock/format';
import { Elapsed, Icon, StateBadge, useQueueName, type IconName } from '@/ui';
import css from './board.module.css';

export function AgentBar({ agent, call }: { readonly agent: Agent | null; readonly call: Call | null }) {
  const { t } = useTranslation('board');
  return (
    <div className={css.bar} role="region" aria-label={t('detail.label')}>
      {agent === null ? <span className="mut">{t('detail.none')}</span> : <Details agent={agent} call={call} />}
    </div>
  );
}

function Details({ agent, call }: { readonly agent: Agent; readonly call: Call | null }) {
  const { t } = useTranslation(['board', 'common']);
  const next = agent.next === null ? null : t(`common:state.${agent.next.state}`);
  return (
    <>
      <StateBadge state={agent.state} plain />
      <b>{agent.name}</b>
      <span className="mut">{[agent.number, agent.team && t('detail.team', { team: agent.team })].filter(Boolean).join(' · ')}</span>
      {call === null ? <span className="mut">{t('detail.no_call')}</span> : <CallPart call={call} />}
      {next !== null && <span className="mut">{t('detail.next', { state: next })}</span>}
      <span className={css.push}>
        <Part icon={agent.page ? 'check' : 'unlink'}>{t(agent.page ? 'detail.page_ok' : 'detail.page_bad')}</Part>
        <Part icon={agent.registered ? 'check' : 'unlink'}>{t(agent.registered ? 'detail.line_ok' : 'detail.line_bad')}</Part>
        <Link className={css.link} to={`/calls?agent=${encodeURIComponent(agent.id)}`}>
          {t('detail.calls')}
        </Link>
      </span>
    </>
  );
}

function CallPart({ call }: { readonly call: Call }) {
  const { t } = useTranslation('board');
  const queueName = useQueueName();
  const number = call.direction === 'out' ? call.to : call.from;
  return (
    <>
      <Part icon={call.direction}>
        <span className="num">{call.from_name || phoneNumber(number) || t('anonymous')}</span>
      </Part>
      <span className="mut">{[queueName(call.queue), t(`call_state.${call.state}`, { defaultValue: call.state })].filter(Boolean).join(' · ')}</span>
      <Elapsed since={call.since} />
      <Part icon="rec">{t(`detail.recording.${call.recording}`)}</Part>
    </>
  );
}

function Part({ icon, children }: { readonly icon: IconName; readonly children: ReactNode }) {
  return (
    <span className={css.part}>
      <Icon name={icon} size={14} />
      {children}
    </span>
  );
}
