import { useTranslation } from 'react-i18next';
import type { Agent } from '@/api/agents';
import { percent } from '@/clock/format';
import { useQueueFigures } from '@/live/store';
import { Elapsed, Formula, nameOf, Panel } from '@/ui';

/** The queues I serve: by my skills, or all when the server names none of mine. */
export function MyQueues({ agent }: { readonly agent: Agent | null }) {
  const { t, i18n } = useTranslation('desk');
  const all = Object.values(useQueueFigures()).sort((a, b) => a.id.localeCompare(b.id));
  const mine = all.filter((queue) => agent !== null && queue.id in agent.skills);
  const rows = mine.length > 0 ? mine : all;
  return (
    <Panel title={t('queues.title')} size="grow" line={false} flush live>
      <table className="table">
        <thead>
          <tr>
            <th>{t('queues.queue')}</th>
            <th className="right">{t('queues.waiting')}</th>
            <th className="right">{t('queues.longest')}</th>
            <th className="right"><Formula says={t('queues.sl_says', { target: rows[0]?.target_s ?? 20 })}>SL</Formula></th>
          </tr>
        </thead>
        <tbody>
          {rows.map((queue) => (
            <tr key={queue.id}>
              <td>{nameOf(queue, i18n.language)}</td>
              <td className="right">{queue.waiting}</td>
              <td className="right">{queue.longest_since ? <Elapsed since={queue.longest_since} /> : <span className="dim">–</span>}</td>
              <td className="right num">{percent(queue.service_level)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Panel>
  );
}
