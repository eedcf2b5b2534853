import { useTranslation } from 'react-i18next';
import type { AgentState } from '@/api/agents';
import { Icon, type IconName } from './icons';
import css from './ui.module.css';

export const STATE_ICONS: Readonly<Record<AgentState, IconName>> = {
  READY: 'ready',
  AUX: 'cup',
  RESERVED: 'hourglass',
  RINGING: 'bell',
  ON_CALL: 'phone',
  CONSULTING: 'users',
  WRAP_UP: 'pencil',
  LOST: 'unlink',
  LOGGED_OUT: 'power',
};

interface StateBadgeProps {
  readonly state: AgentState;
  readonly plain?: boolean;
  readonly big?: boolean;
  /** In tables the icon carries the colour and the word stays ink, except where somebody must act. */
  readonly quiet?: boolean;
  readonly label?: string;
}

/** An agent's state: colour, icon and word, always together. */
export function StateBadge({ state, plain = false, big = false, quiet = false, label }: StateBadgeProps) {
  const { t } = useTranslation();
  const calm = quiet && state !== 'LOST' && state !== 'RINGING';
  return (
    <span
      className={css.state}
      data-state={state}
      data-plain={plain || quiet || undefined}
      data-big={big || undefined}
      data-quiet={calm || undefined}
      style={{ '--c': `var(--${state}-fg)`, '--b': `var(--${state}-bg)` } as React.CSSProperties}
    >
      <Icon name={STATE_ICONS[state]} size={big ? 20 : 14} />
      <b>{label ?? t(`state.${state}`)}</b>
    </span>
  );
}
