/** Live calls an agent brought to this engineer: a consult, a three-way call, a hand-over. The call bar has the keys. */
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { Call } from '@/api/calls';
import { phoneNumber } from '@/clock/format';
import { useCalls } from '@/live/store';
import { Elapsed, Icon, Panel, Tag, useAgentName, useQueueName } from '@/ui';
import css from './hotline.module.css';

export function LiveCalls({ me }: { readonly me: string }) {
  const { t } = useTranslation('hotline');
  const calls = Object.values(useCalls()).filter((call) => call.state !== 'ended' && call.state !== 'wrap_up' && (call.engineer === me || call.consult?.engineer === me));
  return (
    <div className={calls.length === 0 ? css.none : undefined}>
    <Panel title={t('live.title')} count={calls.length > 0 ? calls.length : undefined} live>
      <div className={css.live} role="status">
        {calls.length === 0 ? <span className="mut">{t('live.empty')} · {t('live.empty_hint')}</span> : calls.map((call) => <Live key={call.id} call={call} />)}
      </div>
    </Panel>
    </div>
  );
}

function Live({ call }: { readonly call: Call }) {
  const { t } = useTranslation('hotline');
  const agentName = useAgentName();
  const queueName = useQueueName();
  const agent = agentName(call.agent);
  const how = call.consult === null ? 'handed_over' : call.consult.state === 'ringing' ? 'ringing' : call.consult.state === 'three_way' ? 'three_way' : 'consult';
  const music = call.hears.some(([who, what]) => who === 'caller' && what === 'music');
  return (
    <div>
      <div className="row">
        <Icon name="users" />
        <b className="cut">{call.from_name || phoneNumber(call.from)}</b>
        <span className="grow" />
        <Elapsed since={call.consult?.since ?? call.since} />
      </div>
      <p>{t(`live.${how}`, { agent })}</p>
      <p className="row"><span className="mut xs">{queueName(call.queue)}</span>{music && <Tag>{t('live.owner_hears_music')}</Tag>}<span className="grow" /><Link to="/desk" style={{ lineHeight: '24px' }}>{t('live.open_desk')}</Link></p>
    </div>
  );
}
