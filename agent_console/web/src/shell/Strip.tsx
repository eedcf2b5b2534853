import { useTranslation } from 'react-i18next';
import { useSession } from '@/api/queries';
import { day, timeWithSeconds, weekday } from '@/clock/format';
import { serverNow, useSecond } from '@/clock/ticker';
import { useCoreUp, useLine } from '@/live/store';
import { usePhone } from '@/phone/store';
import { Icon } from '@/ui';
import css from './shell.module.css';

/** The bottom line: core, line, quality, age of the data, key hints, clock. */
export function Strip() {
  const { t } = useTranslation('shell');
  const hasPhone = useSession().data?.agent !== null;
  return (
    <footer className={css.strip}>
      <CoreAge />
      {hasPhone && <LineState />}
      {hasPhone && <LineQuality />}
      <span className="grow" />
      <span className={css.optional}><kbd>Alt</kbd>+ {t('hints.letter')}</span>
      <span className={css.optional}><kbd>F6</kbd>{t('hints.zone')}</span>
      <span className={css.optional}><kbd>Ctrl K</kbd>{t('hints.commands')}</span>
      <span className={css.optional}><kbd>?</kbd>{t('hints.keys')}</span>
      <WallClock />
    </footer>
  );
}

function CoreAge() {
  const { t } = useTranslation('shell');
  useSecond();
  const line = useLine();
  const up = useCoreUp();
  if (line.state === 'connecting') return <span><Icon name="hourglass" size={14} />{t('connecting')}</span>;
  if (line.state === 'replaced') return <span className={css.bad} data-core="away"><Icon name="unlink" size={14} />{t('replaced')}</span>;
  const age = Math.max(0, serverNow() - line.heardAt) / 1000;
  return (
    <span className={up ? css.good : css.bad} data-core={up ? 'up' : 'away'}>
      <Icon name={up ? 'check' : 'unlink'} size={14} />
      {up ? t('core_ok', { age: age.toFixed(1) }) : t('core_bad')}
    </span>
  );
}

function LineState() {
  const { t } = useTranslation('shell');
  const registration = usePhone((s) => s.registration);
  const role = usePhone((s) => s.role);
  const taken = usePhone((s) => s.taken);
  const word = taken ? 'taken' : role === 'remote' ? 'remote' : registration;
  const tone = registration === 'registered' ? css.good : registration === 'failed' ? css.bad : undefined;
  return (
    <span className={tone} data-line={word}>
      <Icon name={registration === 'registered' ? 'check' : registration === 'failed' ? 'unlink' : 'hourglass'} size={14} />
      {t(`line.${word}`)}
    </span>
  );
}

function LineQuality() {
  const { t } = useTranslation('shell');
  const quality = usePhone((s) => s.quality);
  if (!quality) return null;
  const figure = (value: number | null, digits = 0) => (value === null ? '–' : value.toFixed(digits));
  return (
    <span className={css.optional} data-quality>
      <Icon name="wifi" size={14} />
      {t('quality', { rtt: figure(quality.rttMs), loss: figure(quality.lossPct, 1), jitter: figure(quality.jitterMs) })}
    </span>
  );
}

function WallClock() {
  const { i18n } = useTranslation('shell');
  const now = useSecond() * 1000;
  return (
    <span className={css.clock}>
      {day(now, now)} {weekday(now, i18n.language)} {timeWithSeconds(now, i18n.language)}
    </span>
  );
}
