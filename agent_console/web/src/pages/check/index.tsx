import { Button, NativeSelect } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useLocation, useNavigate } from 'react-router';
import { api } from '@/api/client';
import { useSession } from '@/api/queries';
import { placeOf } from '@/app/came_from';
import { setDisplay } from '@/app/display';
import { command, useAgent } from '@/live/store';
import { microphone, openMicrophone } from '@/phone/microphone';
import { ringer } from '@/phone/ringer';
import { usePhone } from '@/phone/store';
import { useAction } from '@/shell/actions';
import { Alarms } from '@/shell/Alarms';
import { Strip } from '@/shell/Strip';
import { useKeyboard } from '@/shell/use_keyboard';
import { Choice, ErrorLine, Icon, Mark, type IconName } from '@/ui';
import { playTone, replay } from './audio';
import css from './check.module.css';
import { useCheck } from './use_check';
import { checkResult, count, mayStart, median, RTT_LIMIT_MS, verdicts, type Tone } from './verdict';

/** Before the shift: microphone, speaker, bell, line, round trip. The result is kept for support. */
export default function CheckPage() {
  const { t } = useTranslation('check');
  const session = useSession().data;
  const agent = useAgent(session?.agent?.id);
  useKeyboard();
  return (
    <div className={css.page}>
      <header className={css.header}>
        <Link to="/"><Mark size={28} />Carillon</Link>
        <span className={css.who}>{session?.user.name} {agent && `· ${t(`common:state.${agent.state}`)}`}</span>
      </header>
      <main className={css.main}>
        <div className={css.wrap}>
          <h1>{t('title')}</h1>
          <p className="sm mut">{t('intro')}</p>
          <Body />
        </div>
      </main>
      <Alarms />
      <Strip />
    </div>
  );
}

function Body() {
  const { t } = useTranslation('check');
  const check = useCheck();
  const { measured } = check;
  const all = verdicts(measured);
  const navigate = useNavigate();
  const back = placeOf(useLocation().state) ?? '/';
  const [as, setAs] = useState<'READY' | 'AUX'>('READY');
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const ready = mayStart(all);

  const start = async () => {
    setBusy(true);
    setError(null);
    try {
      await api.post('/checks', checkResult(measured));
      await command('agent.login', {});
      if (as === 'READY') await command('agent.state', { state: 'READY' });
      void navigate(back);
    } catch (refused) {
      setError(refused);
      setBusy(false);
    }
  };
  useAction('finish', () => void start(), ready && !busy);

  return (
    <>
      <div className={css.rows}>
        <MicrophoneRow check={check} tone={all.microphone} />
        <SpeakerRow check={check} tone={all.speaker} />
        <RingerRow check={check} tone={all.ringer} />
        <Row tone={all.autoplay} name={t('autoplay')}><p>{t(measured.unlocked ? 'autoplay_ok' : 'autoplay_press')}</p></Row>
        <LineRow tone={all.sip} />
        <RttRow check={check} tone={all.rtt} />
      </div>
      <ErrorLine error={error} />
      <div className={css.go}>
        <span className="sm mut" role="status">{t('summary', { passed: count(all, 'ok'), suggestions: count(all, 'soon'), failed: count(all, 'late') })}</span>
        <span className="grow" />
        <span className="sm mut" aria-hidden>{t('start_as')}</span>
        <Choice label={t('start_as')} value={as} onChange={setAs} options={[{ value: 'READY', label: t('common:state.READY') }, { value: 'AUX', label: t('common:state.AUX') }]} />
        <Button className={css.start} variant="filled" disabled={!ready} loading={busy} leftSection={<Icon name="headset" />} rightSection={<kbd>Ctrl ⏎</kbd>} onClick={() => void start()}>
          {t('start')}
        </Button>
      </div>
    </>
  );
}

const TONE_ICON: Readonly<Record<Tone, IconName>> = { ok: 'check', soon: 'alert', late: 'x', wait: 'hourglass' };

interface RowProps {
  readonly tone: Tone;
  readonly name: string;
  readonly hint?: string;
  readonly select?: React.ReactNode;
  readonly action?: React.ReactNode;
  readonly children: React.ReactNode;
}

function Row({ tone, name, hint, select, action, children }: RowProps) {
  const { t } = useTranslation('check');
  return (
    <div className={css.row}>
      <span data-tone={tone}><Icon name={TONE_ICON[tone]} size={20} /><span className="sr">{t(`tone.${tone}`)}</span></span>
      <div><b>{name}</b>{hint && <p data-tone={tone}>{hint}</p>}</div>
      <div>{children}</div>
      <div>{select}</div>
      <div>{action}</div>
    </div>
  );
}

type Check = ReturnType<typeof useCheck>;
const STEPS = 24;

function DeviceSelect({ label, devices, value, onChange }: { readonly label: string; readonly devices: readonly MediaDeviceInfo[]; readonly value: string; readonly onChange: (id: string) => void }) {
  const { t } = useTranslation('check');
  return <NativeSelect aria-label={label} value={value} onChange={(event) => onChange(event.currentTarget.value)} data={[{ value: '', label: t('system_device') }, ...devices.filter((device) => device.deviceId !== 'default').map((device) => ({ value: device.deviceId, label: device.label || t('unnamed_device') }))]} />;
}

function MicrophoneRow({ check, tone }: { readonly check: Check; readonly tone: Tone }) {
  const { t } = useTranslation('check');
  const { measured, level, chosen, devices } = check;
  const choose = (id: string) => {
    setDisplay({ devices: { ...chosen, microphone: id } });
    void openMicrophone();
  };
  const again = () => {
    const stream = microphone();
    if (stream) void replay(stream, chosen.speaker).catch(() => undefined);
    else void openMicrophone();
  };
  const broken = measured.microphone === 'denied' || measured.microphone === 'missing';
  return (
    <Row tone={tone} name={t('microphone')} select={<DeviceSelect label={t('microphone')} devices={devices.inputs} value={chosen.microphone} onChange={choose} />} action={<Button fullWidth onClick={again}>{t(broken ? 'common:retry' : 'replay')}</Button>}>
      {broken ? <p>{t(`common:errors.microphone_${measured.microphone}`)}</p> : (
        <div className={css.meter} aria-label={t('level')} role="meter" aria-valuemin={0} aria-valuemax={100} aria-valuenow={Math.round(level * 100)}>
          {Array.from({ length: STEPS }, (_, n) => <i key={n} data-on={n < level * STEPS ? (n > STEPS * 0.85 ? 'loud' : 'on') : undefined} />)}
          <span>{t(tone === 'ok' ? 'level_good' : 'say_something')}</span>
        </div>
      )}
    </Row>
  );
}

function SpeakerRow({ check, tone }: { readonly check: Check; readonly tone: Tone }) {
  const { t } = useTranslation('check');
  const { measured, chosen, devices, setSpeakerHeard } = check;
  const [played, setPlayed] = useState(false);
  const play = () => {
    setPlayed(true);
    setSpeakerHeard(null);
    void playTone(chosen.speaker).catch(() => setSpeakerHeard(false));
  };
  return (
    <Row tone={tone} name={t('speaker')} select={<DeviceSelect label={t('speaker')} devices={devices.outputs} value={chosen.speaker} onChange={(id) => setDisplay({ devices: { ...chosen, speaker: id } })} />} action={<Button fullWidth onClick={play}>{t('play')}</Button>}>
      {measured.speakerHeard !== null ? <p>{t(measured.speakerHeard ? 'heard' : 'not_heard')}</p> : !played ? <p>{t('speaker_hint')}</p> : (
        <div className="row">
          <span className="sm mut">{t('heard_question')}</span>
          <Button size="xs" onClick={() => setSpeakerHeard(true)}>{t('yes')}</Button>
          <Button size="xs" onClick={() => setSpeakerHeard(false)}>{t('no')}</Button>
        </div>
      )}
    </Row>
  );
}

function RingerRow({ check, tone }: { readonly check: Check; readonly tone: Tone }) {
  const { t } = useTranslation('check');
  const { measured, chosen, devices } = check;
  return (
    <Row tone={tone} name={t('ringer')} hint={measured.sameRinger ? t('worth_a_change') : undefined} select={<DeviceSelect label={t('ringer')} devices={devices.outputs} value={chosen.ringer} onChange={(id) => setDisplay({ devices: { ...chosen, ringer: id } })} />} action={<Button fullWidth onClick={() => void ringer.device(chosen.ringer).then(() => ringer.strike())}>{t('ring')}</Button>}>
      <p>{t(measured.sameRinger ? 'ringer_same' : 'ringer_ok')}</p>
    </Row>
  );
}

function LineRow({ tone }: { readonly tone: Tone }) {
  const { t } = useTranslation('check');
  const registration = usePhone((s) => s.registration);
  const code = usePhone((s) => s.code);
  const number = useSession().data?.agent?.number ?? '';
  return (
    <Row tone={tone} name={t('sip')}>
      <p>{t(`line.${registration}`, { number })}{code !== null && registration === 'failed' ? ` (${code})` : ''}</p>
    </Row>
  );
}

function RttRow({ check, tone }: { readonly check: Check; readonly tone: Tone }) {
  const { t } = useTranslation('check');
  const { rttMs } = check.measured;
  const top = Math.max(RTT_LIMIT_MS / 4, ...rttMs);
  return (
    <Row tone={tone} name={t('rtt')} select={<span className="sm mut">{t('limit', { ms: RTT_LIMIT_MS })}</span>} action={<Button fullWidth onClick={() => void check.measureRtt()}>{t('again')}</Button>}>
      <div className={css.bars}>
        {rttMs.map((ms, n) => <i key={n} style={{ height: `${Math.max(2, (20 * ms) / top)}px` }} />)}
        <span>{rttMs.length > 0 ? `${median(rttMs) ?? ''} ms` : t('measuring')}</span>
      </div>
    </Row>
  );
}
