import { useTranslation } from 'react-i18next';
import { duration, timeOfDay } from '@/clock/format';
import { Formula, Panel } from '@/ui';
import css from '../desk.module.css';
import { dayFigures } from './day_figures';
import type { MyCalls } from './use_my_calls';

export function MyDay({ calls, agent }: { readonly calls: MyCalls; readonly agent: string }) {
  const { t, i18n } = useTranslation('desk');
  const figures = dayFigures(calls.rows, agent);
  const span = (seconds: number | null) => (seconds === null ? '–' : duration(seconds));
  const shown = calls.loading ? { answered: '…', dialled: '…', talk: '…', hold: '…' } : { answered: figures.answered, dialled: figures.dialled, talk: span(figures.talk), hold: span(figures.hold) };
  return (
    <Panel title={t('day.title')} line={false} aside={calls.at > 0 && <span className="xs mut">{t('day.at', { time: timeOfDay(calls.at, i18n.language) })}</span>}>
      <div className={css.figures}>
        {(['answered', 'dialled', 'talk', 'hold'] as const).map((name) => (
          <div key={name} className={css.figure}>
            <b>{shown[name]}</b>
            <Formula says={t(`day.says.${name}`)}>{t(`day.${name}`)}</Formula>
          </div>
        ))}
      </div>
    </Panel>
  );
}
