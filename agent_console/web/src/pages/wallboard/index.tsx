/** The wall's screen: queues and agents in figures one reads across the room. Dark, without keys, recovers by itself. */
import { useMemo, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Agent, AgentState } from '@/api/agents';
import type { QueueFigures } from '@/api/house';
import { duration, timeOfDay, timeWithSeconds } from '@/clock/format';
import { seconds, useSecond } from '@/clock/ticker';
import { useStale } from '@/live/stale';
import { useAgents, useLoaded, useQueueFigures } from '@/live/store';
import { figures, percent, serviceLevelLevel, sum, waitingLevel, waitLevel, worst, type Level } from '@/pages/board/figures';
import { countByState } from '@/pages/board/rows';
import { Spark } from '@/pages/board/Spark';
import { useTrend } from '@/pages/board/trend';
import { Icon, Mark, nameOf, STATE_ICONS } from '@/ui';
import { useTurn } from './pages';
import css from './wallboard.module.css';
import { useScreenOn, useWatchdog } from './watchdog';

const SHOWN: readonly AgentState[] = ['ON_CALL', 'READY', 'WRAP_UP', 'AUX', 'RINGING', 'LOST'];
/** A wall has room for six states: a consult is a call, an agent about to ring rings. */
const COUNTED_AS: Partial<Record<AgentState, AgentState>> = { CONSULTING: 'ON_CALL', RESERVED: 'RINGING' };

export default function Wallboard() {
  const { t, i18n } = useTranslation('board');
  useWatchdog();
  useScreenOn();
  const second = useSecond();
  const table = useQueueFigures();
  const queues = useMemo(() => Object.values(table), [table]);
  const agents = useAgents();
  const trend = useTrend(queues);
  const shown = useTurn(queues);
  const total = figures(sum(queues));
  const stale = useStale();
  const loaded = useLoaded();

  return (
    <div className={css.wall} data-mantine-color-scheme="dark">
      <header className={css.head}>
        <span className={css.mark}><Mark size={40} /></span>
        <h1>{t('wallboard.name')}</h1>
        {loaded && <span className={css.quiet}>{t('wallboard.offered', { count: total.offered })} · {t('wallboard.answered', { count: total.answered })}</span>}
        <span className={`num ${css.now}`}>{timeOfDay(second * 1000, i18n.language)}</span>
      </header>
      <main className={css.queues} data-stale={stale !== null || undefined} data-rows={shown.rows.length}>
        {!loaded && <p className={css.quiet} style={{ alignSelf: 'center', textAlign: 'center' }}>{t('connecting')}</p>}
        {shown.rows.map((queue) => (
          <QueueRow key={queue.id} queue={queue} trend={trend.get(queue.id) ?? []} second={second} />
        ))}
      </main>
      <States agents={Object.values(agents)} stale={stale !== null} loaded={loaded} />
      <footer className={css.foot}>
        <Age stale={stale} />
        <span>{t('wallboard.definition', { target: targets(queues, (count) => t('seconds', { count })) })}</span>
        <span>{shown.pages > 1 ? t('wallboard.page', { page: shown.page, pages: shown.pages }) : t('wallboard.recovers')}</span>
      </footer>
    </div>
  );
}

const targets = (queues: readonly QueueFigures[], word: (count: number) => string): string =>
  [...new Set(queues.map((queue) => queue.target_s))].sort((a, b) => a - b).map(word).join(' / ');

function QueueRow({ queue, trend, second }: { readonly queue: QueueFigures; readonly trend: readonly number[]; readonly second: number }) {
  const { t, i18n } = useTranslation('board');
  const f = figures(queue);
  const waited = f.longest_since === null ? null : Math.max(0, second - seconds(f.longest_since));
  const levels = {
    waiting: waitingLevel(f.waiting, queue.logged_in),
    longest: waited === null ? ('' as const) : waitLevel(waited),
    service: serviceLevelLevel(f.service_level, f.offered),
  };
  return (
    <section className={css.queue} data-level={worst(Object.values(levels))}>
      <h2>{nameOf(queue, i18n.language)}</h2>
      <Figure level={levels.waiting} name={t('wallboard.waiting')}>{f.waiting}</Figure>
      <Figure level={levels.longest} name={t('wallboard.longest')}>{waited === null ? '–' : duration(waited)}</Figure>
      <Figure level={levels.service} name={t('wallboard.service_level')}>{percent(f.service_level)}</Figure>
      <div className={`${css.figure} ${css.spark}`}>
        <Spark values={trend} width={300} height={70} />
        <small>{t('wallboard.trend')}</small>
      </div>
    </section>
  );
}

function Figure({ level, name, children }: { readonly level: Level; readonly name: string; readonly children: ReactNode }) {
  return (
    <div className={css.figure}>
      <b className="num" data-level={level}>
        {level !== '' && <Icon name={level === 'late' ? 'alert' : 'hourglass'} size={26} />}
        {children}
      </b>
      <small>{name}</small>
    </div>
  );
}

function States({ agents, stale, loaded }: { readonly agents: readonly Agent[]; readonly stale: boolean; readonly loaded: boolean }) {
  const { t } = useTranslation(['board', 'common']);
  const counts = countByState(agents.map((agent) => ({ state: COUNTED_AS[agent.state] ?? agent.state })));
  return (
    <section className={css.states} data-stale={stale || undefined} aria-label={t('agents.title')}>
      {SHOWN.map((state) => (
        <div key={state} style={{ '--c': `var(--${state}-fg)` } as React.CSSProperties}>
          <Icon name={STATE_ICONS[state]} size={26} />
          <b className="num">{loaded ? (counts.get(state) ?? 0) : '–'}</b>
          <span>{t(`common:state.${state}`)}</span>
        </div>
      ))}
    </section>
  );
}

function Age({ stale }: { readonly stale: number | null }) {
  const { t, i18n } = useTranslation('board');
  const loaded = useLoaded();
  if (!loaded) return <span className={css.age}>…</span>;
  if (stale === null) {
    return <span className={css.age}><Icon name="check" size={14} />{t('wallboard.fresh')}</span>;
  }
  return <span className={css.age} data-stale><Icon name="unlink" size={14} />{t('wallboard.lost', { time: timeWithSeconds(stale, i18n.language) })}</span>;
}
