import { useTranslation } from 'react-i18next';
import { useCaller } from '@/call/caller';
import type { MyCall } from '@/call/use_my_call';
import { useLine } from '@/live/store';
import { usePhone } from '@/phone/store';
import { Icon, Panel } from '@/ui';
import css from '../desk.module.css';

type Step = 'done' | 'now' | 'todo';

/** What happens by itself when the line is lost, step by step, and what the agent can do meanwhile. */
export function Recovery({ my }: { readonly my: MyCall }) {
  const { t } = useTranslation('desk');
  const line = useLine();
  const registration = usePhone((s) => s.registration);
  const tries = usePhone((s) => s.tries);
  const caller = useCaller(my.call, my.pop);
  const net: Step = line.state === 'open' ? 'done' : 'now';
  const core: Step = my.coreUp ? 'done' : net === 'done' ? 'now' : 'todo';
  const sip: Step = registration === 'registered' ? 'done' : core === 'done' ? 'now' : 'todo';
  const back: Step = sip === 'done' && core === 'done' ? 'now' : 'todo';
  const steps: readonly (readonly [string, Step, string])[] = [
    ['network', net, ''],
    ['core', core, ''],
    ['register', sip, sip === 'now' && tries > 0 ? t('recovery.try', { n: tries }) : ''],
    ['rejoin', back, t('recovery.by_itself')],
  ];
  return (
    <>
      <Panel title={t('recovery.title')}>
        <ul className={css.steps}>
          {steps.map(([name, step, more]) => (
            <li key={name} data-step={step}>
              <Icon name={step === 'done' ? 'check' : step === 'now' ? 'hourglass' : name === 'rejoin' ? 'phone' : 'clock'} />
              <span>{t(`recovery.${name}`, { name: caller.name })}</span>
              <em>{more}</em>
            </li>
          ))}
        </ul>
      </Panel>
      <Panel title={t('recovery.you_can')}>
        <p className="sm mut">{t('recovery.go_on')}</p>
      </Panel>
    </>
  );
}
