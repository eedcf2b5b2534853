import { useTranslation } from 'react-i18next';
import { timeWithSeconds } from '@/clock/format';
import { useStale } from '@/live/stale';
import { useCoreUp } from '@/live/store';
import { Icon } from '@/ui';
import css from './board.module.css';

/** How old what you see is: pushed now, or stopped at a time. */
export function Age() {
  const { t, i18n } = useTranslation('board');
  const stale = useStale();
  const up = useCoreUp();
  if (stale !== null || !up) {
    return (
      <span className={css.stamp} data-stale>
        <Icon name="clock" size={12} /> {stale === null ? '…' : t('stale', { time: timeWithSeconds(stale, i18n.language) })}
      </span>
    );
  }
  return (
    <span className={css.stamp}>
      <Icon name="check" size={12} /> {t('pushed')}
    </span>
  );
}
