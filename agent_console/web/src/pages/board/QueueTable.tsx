/** The queues now and today; every figure names its definition. Plain rows, as they change with every call. */
import { memo, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Agent } from '@/api/agents';
import type { QueueFigures } from '@/api/house';
import { duration } from '@/clock/format';
import { seconds, useSecond } from '@/clock/ticker';
import { Formula, nameOf } from '@/ui';
import css from './board.module.css';
import { abandonLevel, figures, percent, serviceLevelLevel, sum, THRESHOLDS, waitingLevel, waitLevel, type Figures } from './figures';
import { Hot } from './Hot';
import { Spark } from './Spark';
import type { Trend } from './trend';

interface Props {
  readonly queues: readonly QueueFigures[];
  readonly agents: readonly Agent[];
  readonly trend: Trend;
}

const OUT = new Set(['LOGGED_OUT', 'LOST']);

export function QueueTable({ queues, agents, trend }: Props) {
  const { t } = useTranslation('board');
  const total = figures(sum(queues));
  const present = agents.filter((agent) => !OUT.has(agent.state));
  const ready = present.filter((agent) => agent.state === 'READY').length;
  return (
    <table className={`table ${css.queues}`}>
      <QueueHead queues={queues} />
      <tbody>
        {queues.map((queue) => (
          <QueueRow key={queue.id} queue={queue} trend={trend.get(queue.id) ?? NO_SAMPLES} />
        ))}
        <tr className={css.total}>
          <td>
            <Formula says={t('tip.all')}>{t('all')}</Formula>
          </td>
          <Cells figures={total} calls={total.offered} loggedIn={present.length} judged={false} />
          <td className="right num">{ready}/{present.length}</td>
          <td />
        </tr>
      </tbody>
    </table>
  );
}

const NO_SAMPLES: readonly number[] = [];

function QueueHead({ queues }: { readonly queues: readonly QueueFigures[] }) {
  const { t } = useTranslation('board');
  const targets = [...new Set(queues.map((queue) => queue.target_s))].sort((a, b) => a - b);
  const list = targets.map((count) => t('seconds', { count })).join(' / ');
  const T = THRESHOLDS;
  const rate = { soon: percent(T.abandon_rate.soon), late: percent(T.abandon_rate.late), least: T.least_calls };
  const columns: readonly (readonly [ReactNode, string])[] = [
    [t('col.waiting'), t('tip.waiting', T.waiting)],
    [t('col.longest'), t('tip.longest', T.wait_s)],
    [t('col.service_level'), t('tip.service_level', { target: list, soon: percent(T.service_level.soon), late: percent(T.service_level.late), least: T.least_calls })],
    [t('col.abandoned'), t('tip.abandoned', rate)],
    [t('col.asa'), t('tip.asa')],
    [t('col.offered'), t('tip.offered')],
    [t('col.answered'), t('tip.answered')],
    [t('col.ready'), t('tip.ready')],
  ];
  return (
    <thead>
      <tr>
        <th scope="col">{t('col.queue')}</th>
        {columns.map(([name, says]) => (
          <th key={says} scope="col" className="right">
            <Formula says={says}>{name}</Formula>
          </th>
        ))}
        <th scope="col" className={css.trend}>
          <Formula says={t('tip.trend')}>{t('col.trend')}</Formula>
        </th>
      </tr>
    </thead>
  );
}

const QueueRow = memo(function QueueRow({ queue, trend }: { readonly queue: QueueFigures; readonly trend: readonly number[] }) {
  const { i18n } = useTranslation('board');
  return (
    <tr>
      <td>{nameOf(queue, i18n.language)}</td>
      <Cells figures={figures(queue)} calls={queue.offered} loggedIn={queue.logged_in} judged />
      <td className="right num mut">{queue.ready}/{queue.logged_in}</td>
      <td className={css.trend}>
        <Spark values={trend} width={112} height={16} />
      </td>
    </tr>
  );
});

interface CellsProps {
  readonly figures: Figures;
  readonly calls: number;
  readonly loggedIn: number;
  /** The total is shown in plain ink: its queues already say what is wrong. */
  readonly judged: boolean;
}

function Cells({ figures: f, calls, loggedIn, judged }: CellsProps) {
  return (
    <>
      <td className="right num">
        <Hot level={judged ? waitingLevel(f.waiting, loggedIn) : ''}>{f.waiting}</Hot>
      </td>
      <td className="right num">
        <Longest since={f.longest_since} judged={judged} />
      </td>
      <td className="right num">
        <Hot level={judged ? serviceLevelLevel(f.service_level, calls) : ''}>{percent(f.service_level)}</Hot>
      </td>
      <td className="right num">
        <Hot level={judged ? abandonLevel(f.abandon_rate, calls) : ''}>{percent(f.abandon_rate, 1)}</Hot>
      </td>
      <td className="right num">{f.asa_s === null ? '–' : duration(f.asa_s)}</td>
      <td className="right num mut">{f.offered}</td>
      <td className="right num mut">{f.answered}</td>
    </>
  );
}

function Longest({ since, judged }: { readonly since: string | null; readonly judged: boolean }) {
  const now = useSecond();
  if (since === null) return <>–</>;
  const waited = Math.max(0, now - seconds(since));
  return <Hot level={judged ? waitLevel(waited) : ''}>{duration(waited)}</Hot>;
}
