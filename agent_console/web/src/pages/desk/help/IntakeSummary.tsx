import { useTranslation } from 'react-i18next';
import { missing, useDraft } from '@/call/drafts';
import { Icon, Panel, Tag } from '@/ui';

/** What was taken down, to be read while the call is wrapped up. */
export function IntakeSummary({ call }: { readonly call: string }) {
  const { t } = useTranslation('desk');
  const { intake } = useDraft(call);
  const complete = missing(intake).length === 0;
  const rows = [
    ['equipment', intake.equipment],
    ['symptom', intake.symptom && t(`common:symptom.${intake.symptom}`, { defaultValue: intake.symptom })],
    ['since_when', intake.since_when],
    ['service_mode', intake.service_mode && t(`common:service_mode.${intake.service_mode}`)],
  ] as const;
  return (
    <Panel title={t('intake.title')} count={complete ? <Tag tone="ok"><Icon name="check" size={12} />{t('intake.complete_short')}</Tag> : undefined}>
      <dl className="kv">
        {rows.map(([field, value]) => (
          <div key={field} style={{ display: 'contents' }}>
            <dt>{t(`intake.${field}`)}</dt>
            <dd>{value || <span className="dim">–</span>}</dd>
          </div>
        ))}
      </dl>
    </Panel>
  );
}
