/** Figures that run: elapsed, remaining, and the clock of a ticket or callback. All on the one shared ticker. */
import { useTranslation } from 'react-i18next';
import { duration, moment } from '@/clock/format';
import { seconds, useSecond } from '@/clock/ticker';
import { Icon, type IconName } from './icons';
import css from './ui.module.css';

/** Counts up from a moment. */
export function Elapsed({ since }: { readonly since: string }) {
  const now = useSecond();
  return <time className="num">{duration(Math.max(0, now - seconds(since)))}</time>;
}

/** Counts down to a moment and stays at zero. */
export function Remaining({ until }: { readonly until: string }) {
  const now = useSecond();
  return <time className="num">{duration(Math.max(0, seconds(until) - now))}</time>;
}

export type Urgency = 'ok' | 'soon' | 'late';
const SOON_S = 15 * 60;
const ICONS: Readonly<Record<Urgency, IconName>> = { ok: 'clock', soon: 'hourglass', late: 'alert' };

export const urgency = (due: number, now: number, soon = SOON_S): Urgency => (due <= now ? 'late' : due - now <= soon ? 'soon' : 'ok');

interface DueProps {
  readonly at: string;
  /** Seconds before `at` from which it counts as soon. */
  readonly soon?: number;
  /** Show the time left (or "+over") instead of the time of day. */
  readonly counting?: boolean;
}

/** When something is due: ok, soon or late by colour, icon and figure together. */
export function Due({ at, soon = SOON_S, counting = false }: DueProps) {
  const { t, i18n } = useTranslation();
  const now = useSecond();
  const tone = urgency(seconds(at), now, soon);
  const left = seconds(at) - now;
  const figure = counting ? `${left < 0 ? '+' : ''}${duration(left)}` : moment(at, now * 1000, i18n.language);
  return (
    <span className={css.clock} data-tone={tone}>
      <Icon name={ICONS[tone]} size={14} />
      <span className="sr">{t(`due.${tone}`)} </span>
      <time className="num" dateTime={at}>{figure}</time>
    </span>
  );
}
