/** The supervisor's live page: queues, waiting calls, agents. Pushed; nothing here asks the server. */
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { Agent, AgentState, Call } from '@/api/types';
import { useStale } from '@/live/stale';
import { useAgents, useCalls, useLoaded, useQueueFigures } from '@/live/store';
import { EmptyState, Panel } from '@/ui';
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
        {loaded && queues.length === 0 ? (
          <EmptyState icon="list" hint={t('queues.empty_hint')}>{t('queues.empty')}</EmptyState>
        ) : (
          <QueueTable queues={queues} agents={agents} trend={trend} />
        )}
      </Panel>
      <Panel title={t('waiting.title')} count={waiting.length} live flush line={false}>
        <WaitingTable calls={waiting} />
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
      {loaded && rows.length === 0 ? (
        <EmptyState icon="headset" hint={shown === null ? t('agents.empty_hint') : undefined}>
          {t(shown === null ? 'agents.empty' : 'agents.none_in_state')}
        </EmptyState>
      ) : (
        <AgentColumns agents={rows} names={names} calls={calls} selected={selected} onSelect={setSelected} />
      )}
      <AgentBar agent={chosen} call={chosen ? callOf(chosen, calls) : null} />
    </section>
  );
}

const callOf = (agent: Agent, calls: Readonly<Record<string, Call>>): Call | null => (agent.call === null ? null : (calls[agent.call] ?? null));
