import { Button } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation, useNavigate } from 'react-router';
import { ApiError } from '@/api/errors';
import { useSession } from '@/api/queries';
import { cameFrom } from '@/app/came_from';
import { ringBack, useCallError } from '@/call/control';
import { inCall } from '@/call/phase';
import { useMyCall } from '@/call/use_my_call';
import { duration, phoneNumber, timeOfDay } from '@/clock/format';
import { useSecond } from '@/clock/ticker';
import { dismissDue, reconnectNow, useLine, useLiveStore, useLoaded } from '@/live/store';
import { takeLine } from '@/phone/host';
import { usePhone } from '@/phone/store';
import { Icon, Remaining, type IconName } from '@/ui';
import { troubleOf, type Trouble } from './core_trouble';
import { LATER_MINUTES, putOff, useDue } from './due';
import css from './shell.module.css';

/** Alarms grow upwards out of the strip, the gravest first; they never cover the call bar. */
export function Alarms() {
  return (
    <div className={css.alarms}>
      <DueCallback />
      <MicrophoneAlarm />
      <TakenAlarm />
      <LineAlarm />
      <CoreAlarm />
    </div>
  );
}

interface AlarmProps {
  readonly tone: 'soon' | 'late' | 'accent';
  readonly icon: IconName;
  readonly title: React.ReactNode;
  readonly detail?: React.ReactNode;
  readonly children?: React.ReactNode;
}

/** The sentence is announced once; running figures stay outside the live region. */
function Alarm({ tone, icon, title, detail, children }: AlarmProps) {
  return (
    <div className={css.alarm} data-tone={tone}>
      <Icon name={icon} size={22} />
      <div role={tone === 'accent' ? 'status' : 'alert'}>
        <b>{title}</b>
        {detail !== undefined && <span>{detail}</span>}
      </div>
      {children}
    </div>
  );
}

function CoreAlarm() {
  const { t } = useTranslation('shell');
  const line = useLine();
  const trouble = useTrouble();
  const over = useSession().error;
  if (line.state === 'over' || (over instanceof ApiError && over.status === 401)) return <OverAlarm />;
  if (line.state === 'replaced') return <ReplacedAlarm />;
  if (trouble === null) return null;
  return (
    <Alarm tone="soon" icon="alert" title={<>{t(trouble === 'server' ? 'alarm.server_title' : 'alarm.core_title')} · {t(`alarm.${trouble}_means`)}</>} detail={t(`alarm.${trouble}_detail`)}>
      {line.state === 'lost' && <Attempt />}
      <Button leftSection={<Icon name="refresh" />} onClick={reconnectNow}>
        {t('alarm.try_now')}
      </Button>
    </Alarm>
  );
}

/** The first connection takes tens of milliseconds; only what is slower is worth a word. */
const SLOW_MS = 3_000;

function useTrouble(): Trouble | null {
  const { agent, coreUp } = useMyCall();
  const line = useLine().state;
  const loaded = useLoaded();
  const hasPhone = useSession().data?.agent !== null;
  const registered = usePhone((s) => s.registration === 'registered' && !s.taken);
  const session = usePhone((s) => s.session !== null);
  const [slow, setSlow] = useState(false);
  useEffect(() => {
    if (line !== 'connecting') return undefined;
    const timer = setTimeout(() => setSlow(true), SLOW_MS);
    return () => {
      clearTimeout(timer);
      setSlow(false);
    };
  }, [line]);
  return troubleOf({ line, loaded, coreUp, slow, hasPhone, registered, session, inCall: inCall(agent) });
}

/** The way back leads to where one was. */
function OverAlarm() {
  const { t } = useTranslation('shell');
  const navigate = useNavigate();
  const here = useLocation();
  return (
    <Alarm tone="late" icon="unlink" title={t('alarm.over_title')} detail={t('alarm.over_detail')}>
      <Button onClick={() => void navigate('/login', { state: cameFrom(here, true) })}>{t('alarm.sign_in')}</Button>
    </Alarm>
  );
}

/** Newer pages of the same log-in took its place. */
function ReplacedAlarm() {
  const { t } = useTranslation('shell');
  return (
    <Alarm tone="soon" icon="unlink" title={t('alarm.replaced_title')} detail={t('alarm.replaced_detail')}>
      <Button leftSection={<Icon name="refresh" />} onClick={reconnectNow}>
        {t('alarm.replaced_here')}
      </Button>
    </Alarm>
  );
}

function Attempt() {
  const { t } = useTranslation('shell');
  useSecond();
  const { attempt, retryAt } = useLine();
  const left = retryAt === null ? 0 : Math.max(0, Math.ceil((retryAt - Date.now()) / 1000));
  return <em aria-hidden>{t('alarm.attempt', { n: Math.max(1, attempt) })} · {duration(left)}</em>;
}

function LineAlarm() {
  const { t } = useTranslation('shell');
  const { phase, call, coreUp } = useMyCall();
  const lostLine = usePhone((s) => s.role === 'leader' && !s.taken && s.lostAt !== null && (s.registration === 'failed' || s.tries > 1));
  if (phase !== 'lost' && !(lostLine && coreUp)) return null;
  const caller = phase === 'lost' && call !== null;
  return (
    <Alarm tone="late" icon="unlink" title={<>{t('alarm.line_title')} · {t('alarm.line_again')}</>} detail={t(caller ? 'alarm.line_call' : 'alarm.line_idle')}>
      {caller && call.hold_for_agent_until && (
        <em aria-hidden>{t('alarm.at_most')} <Remaining until={call.hold_for_agent_until} /></em>
      )}
    </Alarm>
  );
}

function MicrophoneAlarm() {
  const { t } = useTranslation('shell');
  const microphone = usePhone((s) => s.microphone);
  const navigate = useNavigate();
  if (microphone !== 'denied' && microphone !== 'missing') return null;
  return (
    <Alarm tone="late" icon="mic-off" title={t('alarm.microphone_title')} detail={t(`common:errors.microphone_${microphone}`)}>
      <Button onClick={() => void navigate('/check')}>{t('menu.check')}</Button>
    </Alarm>
  );
}

function TakenAlarm() {
  const { t } = useTranslation('shell');
  const taken = usePhone((s) => s.taken);
  if (!taken) return null;
  return (
    <Alarm tone="soon" icon="headset" title={t('alarm.taken_title')} detail={t('alarm.taken_detail')}>
      <Button onClick={takeLine}>{t('alarm.take')}</Button>
    </Alarm>
  );
}

/** A colleague was faster: it is his now. */
function wasTaken(): boolean {
  const { error } = useCallError.getState();
  return error instanceof ApiError && error.code === 'taken';
}

/** A callback of this agent that has come due; it stays until it is being called, or is put off for a while. */
export function DueCallback() {
  const { t, i18n } = useTranslation('shell');
  const now = useSecond() * 1000;
  const due = useDue(useLiveStore((s) => s.live.due), now);
  const { phase } = useMyCall();
  const [calling, setCalling] = useState(false);
  if (!due) return null;
  const call = async () => {
    setCalling(true);
    const accepted = await ringBack(due);
    setCalling(false);
    if (accepted || wasTaken()) dismissDue(due.id);
  };
  return (
    <Alarm tone="accent" icon="calendar" title={<>{t('alarm.callback_title')} · {due.owner_name || phoneNumber(due.number)} · {timeOfDay(due.due_at, i18n.language)}</>} detail={due.note || undefined}>
      <Button variant="filled" disabled={phase !== 'idle'} loading={calling} leftSection={<Icon name="phone-out" />} onClick={() => void call()}>
        {t('alarm.call_now')}
      </Button>
      <Button onClick={() => putOff(due, now)}>{t('alarm.later', { n: LATER_MINUTES })}</Button>
    </Alarm>
  );
}
