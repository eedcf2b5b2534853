/** Callers without an agent, first come first: a newcomer is always the last row. */
import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Call } from '@/api/calls';
import { duration } from '@/clock/format';
import { seconds, useSecond } from '@/clock/ticker';
import { useQueueName } from '@/ui';
import css from './board.module.css';
import { waitLevel } from './figures';
import { Hot } from './Hot';
import { masked } from './rows';

export function WaitingTable({ calls }: { readonly calls: readonly Call[] }) {
  const { t } = useTranslation('board');
  const queueName = useQueueName();
  return (
    <div className={css.scroll} tabIndex={0} role="region" aria-label={t('waiting.title')}>
      <table className={`table fixed ${css.waiting}`}>
        <thead>
          <tr>
            <th scope="col">{t('col.queue')}</th>
            <th scope="col">{t('col.caller')}</th>
            <th scope="col" style={{ width: '22%' }}>{t('col.phase')}</th>
            <th scope="col" className="right" style={{ width: 78 }}>{t('col.wait')}</th>
          </tr>
        </thead>
        <tbody>
          {calls.map((call) => (
            <WaitingRow key={call.id} call={call} queue={queueName(call.queue)} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

const WaitingRow = memo(function WaitingRow({ call, queue }: { readonly call: Call; readonly queue: string }) {
  const { t } = useTranslation('board');
  const phase = t(`waiting.phase.${call.state}`, { defaultValue: call.state });
  return (
    <tr>
      <td className="mut">{queue}</td>
      <td>{call.from_name || masked(call.from) || t('anonymous')}</td>
      <td className="mut">{phase}</td>
      <td className="right num">{call.queued_at !== null && <Waited since={call.queued_at} />}</td>
    </tr>
  );
});

function Waited({ since }: { readonly since: string }) {
  const waited = Math.max(0, useSecond() - seconds(since));
  return <Hot level={waitLevel(waited)}>{duration(waited)}</Hot>;
}
