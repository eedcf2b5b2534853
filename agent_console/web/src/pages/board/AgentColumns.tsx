/** All agents in columns, by extension. Rows keep their places; the arrow keys walk through them. */
import { memo, useRef, type KeyboardEvent } from 'react';
import { useElementSize } from '@mantine/hooks';
import { useTranslation } from 'react-i18next';
import type { Agent } from '@/api/agents';
import type { Call } from '@/api/calls';
import { duration } from '@/clock/format';
import { seconds, useSecond } from '@/clock/ticker';
import { Icon, StateBadge } from '@/ui';
import { partnerOf, useAbout } from './about';
import css from './board.module.css';
import { columns, isOver } from './rows';

interface Props {
  readonly agents: readonly Agent[];
  readonly names: Readonly<Record<string, Agent>>;
  readonly calls: Readonly<Record<string, Call>>;
  readonly selected: string | null;
  readonly onSelect: (id: string) => void;
}

const HEAD = 20;
const WIDE_ROW = 32;
const ROW = 24;

/** How many columns fit: a fourth only where three would need scrolling and four still have room for a name. */
export function columnCount(width: number, height: number, rows: number): number {
  const base = width < 640 ? 1 : width < 960 ? 2 : 3;
  const fits = Math.floor((height - HEAD) / (width > 1500 ? WIDE_ROW : ROW));
  return base === 3 && width >= 1150 && rows > 3 * fits ? 4 : base;
}

export function AgentColumns({ agents, names, calls, selected, onSelect }: Props) {
  const { ref, width, height } = useElementSize<HTMLDivElement>();
  const grid = useRef<HTMLDivElement | null>(null);
  const about = useAbout();
  const count = columnCount(width || 1278, height || 370, agents.length);
  const parts = columns(agents, count);
  const per = parts[0]?.length ?? 0;
  const tight = count === 4 && width < 1500;

  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1, ArrowRight: per, ArrowLeft: -per, Home: -agents.length, End: agents.length }[event.key];
    if (step === undefined || event.altKey || event.ctrlKey) return;
    const now = agents.findIndex((agent) => agent.id === selected);
    const next = agents[Math.min(agents.length - 1, Math.max(0, now + step))];
    if (next === undefined) return;
    event.preventDefault();
    onSelect(next.id);
    grid.current?.querySelector<HTMLElement>(`[data-agent="${CSS.escape(next.id)}"]`)?.focus();
  };
  const first = selected !== null && agents.some((agent) => agent.id === selected) ? selected : agents[0]?.id;

  return (
    <div
      ref={(node) => {
        grid.current = node;
        return ref(node);
      }}
      className={css.columns}
      data-tight={tight || undefined}
      style={{ '--columns': count } as React.CSSProperties}
      onKeyDown={onKeyDown}
    >
      {parts.map((part) => (
        <table key={part[0]?.id}>
          <AgentHead tight={tight} />
          <tbody>
            {part.map((agent) => {
              const call = agent.call === null ? null : (calls[agent.call] ?? null);
              const partner = names[partnerOf(agent, call) ?? '']?.name ?? '';
              return (
                <AgentRow
                  key={agent.id}
                  agent={agent}
                  about={about(agent, call, partner, tight)}
                  on={agent.id === selected}
                  reachable={agent.id === first}
                  onSelect={onSelect}
                />
              );
            })}
          </tbody>
        </table>
      ))}
    </div>
  );
}

const AgentHead = memo(function AgentHead({ tight }: { readonly tight: boolean }) {
  const { t } = useTranslation('board');
  return (
    <thead>
      <tr>
        <th scope="col" className={css.state}>{t('col.state')}</th>
        <th scope="col" className={css.name}>{t('col.name')}</th>
        <th scope="col" className={css.number}>{t('col.number')}</th>
        <th scope="col">{t(tight ? 'col.call_short' : 'col.call')}</th>
        <th scope="col" className={css.for}>{t('col.for')}</th>
      </tr>
    </thead>
  );
});

interface RowProps {
  readonly agent: Agent;
  readonly about: string;
  readonly on: boolean;
  readonly reachable: boolean;
  readonly onSelect: (id: string) => void;
}

const AgentRow = memo(function AgentRow({ agent, about, on, reachable, onSelect }: RowProps) {
  return (
    <tr className={on ? `on ${css.row}` : css.row} data-state={agent.state} onClick={() => onSelect(agent.id)}>
      <td>
        <StateBadge state={agent.state} quiet />
      </td>
      <td>
        <button type="button" className={css.pick} aria-pressed={on} tabIndex={reachable ? 0 : -1} data-agent={agent.id}>
          {agent.name}
        </button>
      </td>
      <td className="mut num">{agent.number}</td>
      <td className="mut" title={about}>{about}</td>
      <td className="num">
        <InState state={agent.state} since={agent.since} />
      </td>
    </tr>
  );
});

function InState({ state, since }: { readonly state: string; readonly since: string }) {
  const { t } = useTranslation('board');
  const passed = Math.max(0, useSecond() - seconds(since));
  if (state === 'LOGGED_OUT') return <>–</>;
  if (!isOver(state, passed)) return <>{duration(passed)}</>;
  return (
    <span className={css.hot} data-level="late">
      <Icon name="alert" size={12} />
      <span className="sr">{t('agents.over')} </span>
      {duration(passed)}
    </span>
  );
}
