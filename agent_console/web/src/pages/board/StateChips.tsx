/** How many agents stand in each state; pressing one shows only those. */
import { useTranslation } from 'react-i18next';
import type { Agent, AgentState } from '@/api/agents';
import { Icon, STATE_ICONS } from '@/ui';
import css from './board.module.css';
import { countByState, STATES } from './rows';

interface Props {
  readonly agents: readonly Agent[];
  readonly shown: AgentState | null;
  readonly onShow: (state: AgentState | null) => void;
}

export function StateChips({ agents, shown, onShow }: Props) {
  const { t } = useTranslation(['board', 'common']);
  const counts = countByState(agents);
  return (
    <div className={css.chips} role="group" aria-label={t('agents.filter')}>
      <button type="button" className={css.chip} aria-pressed={shown === null} onClick={() => onShow(null)}>
        <b>{agents.length}</b> {t('agents.all')}
      </button>
      {STATES.filter((state) => counts.has(state) || state === shown).map((state) => (
        <button key={state} type="button" className={css.chip} aria-pressed={shown === state} onClick={() => onShow(shown === state ? null : state)}>
          <span style={{ color: `var(--${state}-fg)`, display: 'inline-flex' }}>
            <Icon name={STATE_ICONS[state]} size={14} />
          </span>
          <span className={css.word}>{t(`common:state.${state}`)}</span> <b>{counts.get(state) ?? 0}</b>
        </button>
      ))}
    </div>
  );
}
