import { useTranslation } from 'react-i18next';
import { useAgents } from '@/live/store';
import { EmptyState, Panel, StateBadge, useAuxName, useSkillName } from '@/ui';

/** Who of the hotline can be asked now: a fixed order, by number. */
export function Engineers() {
  const { t } = useTranslation('desk');
  const aux = useAuxName();
  const queue = useSkillName();
  const rows = Object.values(useAgents()).filter((agent) => agent.role === 'hotline_engineer').sort((a, b) => a.number.localeCompare(b.number, 'en', { numeric: true }));
  const ready = rows.filter((agent) => agent.state === 'READY').length;
  return (
    <Panel title={t('engineers.title')} aside={<span className="xs mut">{t('engineers.ready', { n: ready })}</span>} flush live>
      {rows.length === 0 ? (
        <EmptyState icon="bolt">{t('engineers.none')}</EmptyState>
      ) : (
        rows.map((agent) => (
          <div key={agent.id} className="item">
            <div className="row sm">
              <b>{agent.name}</b>
              <span className="mut cut">{agent.state === 'AUX' && agent.reason ? aux(agent.reason) : Object.keys(agent.skills).map(queue).join(' · ')}</span>
              <span className="grow" />
              <StateBadge state={agent.state} plain />
            </div>
          </div>
        ))
      )}
    </Panel>
  );
}
