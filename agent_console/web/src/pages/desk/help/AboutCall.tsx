import { useTranslation } from 'react-i18next';
import type { MyCall } from '@/call/use_my_call';
import { duration } from '@/clock/format';
import { seconds } from '@/clock/ticker';
import { Elapsed, Panel, useQueueName } from '@/ui';
import { useOfferReasons } from '../use_reason';

/** The call itself: queue, language, wait, recording, and why it came to this agent. */
export function AboutCall({ my }: { readonly my: MyCall }) {
  const { t } = useTranslation('desk');
  const queue = useQueueName();
  const why = useOfferReasons()(my.pop?.reasons ?? my.call?.reasons ?? []);
  const { call } = my;
  if (call === null) return null;
  return (
    <Panel title={t('about.title')}>
      <dl className="kv">
        {call.queue && <><dt>{t('about.queue')}</dt><dd>{queue(call.queue)} · {call.to}</dd></>}
        {call.language && <><dt>{t('about.language')}</dt><dd>{t(`common:language.${call.language}`, { defaultValue: call.language })}</dd></>}
        {call.queued_at && <><dt>{t('about.waited')}</dt><dd>{call.answered_at ? duration(seconds(call.answered_at) - seconds(call.queued_at)) : <Elapsed since={call.queued_at} />}</dd></>}
        {call.from_name && <><dt>{t('about.name')}</dt><dd>{call.from_name}</dd></>}
        {why.length > 0 && <><dt>{t('about.why')}</dt><dd>{why.join(t('about.join'))}</dd></>}
        {(call.recording !== 'off' || call.answered_at) && <><dt>{t('about.recording')}</dt><dd>{t(`about.recording_${call.recording}`)}</dd></>}
      </dl>
    </Panel>
  );
}
