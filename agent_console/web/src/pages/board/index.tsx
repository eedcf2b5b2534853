/** The supervisor's live page: queues, waiting calls, agents. Pushed; nothing here asks the server. */
import { useMemo, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { Agent, AgentState } from '@/api/agents';
import type { Call } from '@/api/calls';
import { useStale } from '@/live/stale';
import { useAgents, useCalls, useLoaded, useQueueFigures } from '@/live/store';
import { EmptyState, Panel, type IconName } from '@/ui';
import { Age } from './Age';
import { AgentBar } from './AgentBar';
import { AgentColumns } from './AgentColumns';
import css from './board.module.css';
import { QueueTable } from './QueueTable';
import { byNumber, waitingCalls } from './rows';
import { StateChips } from './StateChips';
import { useTrend } from './trend';
import { WaitingTable } from './WaitingTable';

export default function BoardPage() {
  const { t } = useTranslation('board');
  const loaded = useLoaded();
  const names = useAgents();
  const calls = useCalls();
  const figures = useQueueFigures();
  const agents = useMemo(() => byNumber(Object.values(names)), [names]);
  const waiting = useMemo(() => waitingCalls(Object.values(calls)), [calls]);
  const queues = useMemo(() => Object.values(figures), [figures]);
  const trend = useTrend(queues);

  return (
    <main className={css.board}>
      <h1 className="sr">{t('title')}</h1>
      <Panel title={t('queues.title')} live flush line={false} count={<Age />} aside={<Link className={css.link} to="/wallboard">{t('wallboard.open')}</Link>}>
        {queues.length > 0 ? (
          <QueueTable queues={queues} agents={agents} trend={trend} />
        ) : (
          <Nothing loaded={loaded} icon="list" hint={t('queues.empty_hint')}>{t('queues.empty')}</Nothing>
        )}
      </Panel>
      <Panel title={t('waiting.title')} count={loaded ? waiting.length : undefined} live flush line={false}>
        {waiting.length > 0 ? <WaitingTable calls={waiting} /> : <Nothing loaded={loaded} icon="check" hint={t('waiting.empty_hint')}>{t('waiting.empty')}</Nothing>}
      </Panel>
      <Agents agents={agents} names={names} calls={calls} loaded={loaded} />
    </main>
  );
}

interface AgentsProps {
  readonly agents: readonly Agent[];
  readonly names: Readonly<Record<string, Agent>>;
  readonly calls: Readonly<Record<string, Call>>;
  readonly loaded: boolean;
}

function Agents({ agents, names, calls, loaded }: AgentsProps) {
  const { t } = useTranslation('board');
  const [selected, setSelected] = useState<string | null>(null);
  const [shown, setShown] = useState<AgentState | null>(null);
  const stale = useStale() !== null;
  const rows = shown === null ? agents : agents.filter((agent) => agent.state === shown);
  const chosen = selected === null ? null : (names[selected] ?? null);
  return (
    <section className={css.agents} data-zone data-stale={stale || undefined} tabIndex={-1} aria-label={t('agents.title')}>
      <header className={css.head}>
        <h2>{t('agents.title')}</h2>
        <StateChips agents={agents} shown={shown} onShow={setShown} />
        <span className={css.note}>{t('agents.note')}</span>
      </header>
      {rows.length > 0 ? (
        <AgentColumns agents={rows} names={names} calls={calls} selected={selected} onSelect={setSelected} />
      ) : (
        <div className={css.columns}>
          <Nothing loaded={loaded} icon="headset" hint={shown === null ? t('agents.empty_hint') : undefined}>
            {t(shown === null ? 'agents.empty' : 'agents.none_in_state')}
          </Nothing>
        </div>
      )}
      <AgentBar agent={chosen} call={chosen ? callOf(chosen, calls) : null} />
    </section>
  );
}

/** Before the first snapshot nobody knows whether there is nothing: the page must not claim it. */
function Nothing({ loaded, icon, hint, children }: { readonly loaded: boolean; readonly icon: IconName; readonly hint?: string; readonly children: ReactNode }) {
  const { t } = useTranslation('board');
  return loaded ? <EmptyState icon={icon} hint={hint}>{children}</EmptyState> : <EmptyState icon="hourglass">{t('connecting')}</EmptyState>;
}

const callOf = (agent: Agent, calls: Readonly<Record<string, Call>>): Call | null => (agent.call === null ? null : (calls[agent.call] ?? null));
