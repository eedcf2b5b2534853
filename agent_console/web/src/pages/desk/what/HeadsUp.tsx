import { useTranslation } from 'react-i18next';
import { moment } from '@/clock/format';
import { serverNow } from '@/clock/ticker';
import { Panel } from '@/ui';
import type { InView } from '../use_owner_in_view';
import { warnings } from './warnings';

/** What to know before the first word: promises not kept, calls not answered. */
export function HeadsUp({ view }: { readonly view: InView }) {
  const { t, i18n } = useTranslation('desk');
  const candidate = view.candidates.find((one) => one.owner === view.chosen);
  const now = serverNow();
  const all = candidate ? warnings(candidate, now) : [];
  if (all.length === 0) return null;
  return (
    <Panel title={t('heads_up.title')}>
      <ul className="say" style={{ display: 'grid', gap: 4 }}>
        {all.map((one) => (
          <li key={one.code + one.at}>{t(`heads_up.${one.code}`, { when: moment(one.at, now, i18n.language), what: one.what })}</li>
        ))}
      </ul>
    </Panel>
  );
}
