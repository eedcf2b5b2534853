import { useTranslation } from 'react-i18next';
import type { WrapUpSaid } from '@/api/records';
import { moment } from '@/clock/format';
import { serverNow } from '@/clock/ticker';
import { Panel, Tag, useAgentName, useDispositionName } from '@/ui';
import css from './call.module.css';

/** What was said at the end, by each who had the call: without it a colleague starts from nothing. */
export function WrapUps({ said }: { readonly said: readonly WrapUpSaid[] }) {
  const { t, i18n } = useTranslation('calls');
  const agentName = useAgentName();
  const dispositionName = useDispositionName();
  const now = serverNow();
  if (said.length === 0) return null;
  return (
    <Panel title={t('wrap_ups.title')} count={said.length} line={false}>
      <ul className={css.said}>
        {said.map((one) => (
          <li key={one.agent}>
            <div className="row">
              <b className="cut">{agentName(one.agent)}</b>
              <time dateTime={one.at} className="sm mut num nw">{moment(one.at, now, i18n.language)}</time>
              <span className="grow" />
              <Tag>{dispositionName(one.disposition)}</Tag>
            </div>
            {one.note === '' ? <p className="sm mut">{t('wrap_ups.no_note')}</p> : <p className={css.note}>{one.note}</p>}
          </li>
        ))}
      </ul>
    </Panel>
  );
}
