import { Menu } from '@mantine/core';
import { useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { useSession } from '@/api/queries';
import type { Agent } from '@/api/agents';
import { setState } from '@/call/control';
import type { MyCall } from '@/call/use_my_call';
import { useAgents } from '@/live/store';
import { Elapsed, Icon, nameOf, StateBadge, useAuxName, useChoosableReasons } from '@/ui';
import { useAction } from './actions';
import { placeInLine } from './place_in_line';
import css from './shell.module.css';

const BUSY = new Set(['RESERVED', 'RINGING', 'ON_CALL', 'CONSULTING', 'WRAP_UP']);

/** My state with its clock, and under it what comes next. Alt Q opens the choice. */
export function MyState({ my }: { readonly my: MyCall }) {
  const { t } = useTranslation('shell');
  const session = useSession().data;
  const target = useRef<HTMLButtonElement>(null);
  useAction('state', () => target.current?.click(), my.agent !== null && my.coreUp);
  if (session && session.agent === null) {
    return (
      <div className={css.self}>
        <b className="cut">{session.user.name}</b>
        <div className={css.second}>{t(`common:role.${session.user.role}`)}</div>
      </div>
    );
  }
  if (my.agent === null) return <div className={css.self} />;
  return (
    <div className={css.self}>
      <Menu withInitialFocusPlaceholder={false} position="bottom-start" shadow="md" withinPortal>
        <Menu.Target>
          <button type="button" ref={target} className={css.state} disabled={!my.coreUp}>
            <span className="sr">{t('my_state')}: </span>
            <StateBadge state={my.agent.state} plain big />
            <Elapsed since={my.agent.since} />
            <Icon name="down" size={16} />
          </button>
        </Menu.Target>
        <StateMenu agent={my.agent} />
      </Menu>
      <Second my={my} agent={my.agent} onNext={() => target.current?.click()} />
    </div>
  );
}

function StateMenu({ agent }: { readonly agent: Agent }) {
  const { t, i18n } = useTranslation('shell');
  const navigate = useNavigate();
  const reasons = useChoosableReasons();
  if (agent.state === 'LOGGED_OUT') {
    return (
      <Menu.Dropdown>
        <Menu.Item leftSection={<Icon name="headset" />} onClick={() => void navigate('/check')}>
          {t('state_menu.start')}
        </Menu.Item>
      </Menu.Dropdown>
    );
  }
  return (
    <Menu.Dropdown>
      <Menu.Label>{t(BUSY.has(agent.state) ? 'state_menu.next' : 'state_menu.now')}</Menu.Label>
      <Menu.Item leftSection={<Icon name="ready" />} onClick={() => void setState('READY')}>
        {t('state_menu.ready')}
      </Menu.Item>
      {reasons.map((reason) => (
        <Menu.Item key={reason.id} leftSection={<Icon name="cup" />} onClick={() => void setState('AUX', reason.id)}>
          {t('state_menu.aux', { reason: nameOf(reason, i18n.language) })}
        </Menu.Item>
      ))}
    </Menu.Dropdown>
  );
}

function Second({ my, agent, onNext }: { readonly my: MyCall; readonly agent: Agent; readonly onNext: () => void }) {
  const { t } = useTranslation('shell');
  const aux = useAuxName();
  if (!my.coreUp) return <div className={css.second}>{t('sub.line')}</div>;
  if (my.phase === 'talking' || my.phase === 'consult' || my.phase === 'wrapup') {
    const next = agent.next ?? { state: 'READY', reason: null };
    const word = next.reason ? aux(next.reason) : t(`common:state.${next.state}`);
    return (
      <button type="button" className={`${css.second} ${css.next}`} onClick={onNext}>
        {t('then', { state: word })} <Icon name="down" size={12} />
      </button>
    );
  }
  return <div className={css.second}>{<Idle my={my} agent={agent} reason={aux(agent.reason)} />}</div>;
}

function Idle({ my, agent, reason }: { readonly my: MyCall; readonly agent: Agent; readonly reason: string }) {
  const { t } = useTranslation('shell');
  const agents = useAgents();
  if (my.phase !== 'idle') return <>{t(`sub.${my.phase}`)}</>;
  if (agent.state !== 'READY') return <>{reason}</>;
  const place = placeInLine(agent, Object.values(agents));
  return <>{place === 1 ? t('sub.ready_first') : t('sub.ready_nth', { n: place })}</>;
}
