import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { useSession } from '@/api/queries';
import { useDisplay } from '@/app/display';
import * as control from '@/call/control';
import { CALL_KEYS, keyWorks, type CallKey } from '@/call/phase';
import { openTool, toggleTool, useTool } from '@/call/tools';
import type { MyCall } from '@/call/use_my_call';
import { useHangUp } from '@/call/use_hang_up';
import { Icon, type IconName } from '@/ui';
import { useAction } from './actions';
import { letterOf } from './keymap';
import css from './shell.module.css';

const ICONS: Readonly<Record<CallKey, IconName>> = {
  answer: 'phone', mute: 'mic', hold: 'pause', keypad: 'keypad', transfer: 'transfer', record: 'rec', hangup: 'phone-off',
};

/** Seven keys in fixed slots; those that do not fit the state are disabled, never removed. */
export function CallKeys({ my }: { readonly my: MyCall }) {
  const { t } = useTranslation('shell');
  const navigate = useNavigate();
  const role = useSession().data?.user.role;
  const works = (key: CallKey) => keyWorks(key, my);
  const hangUp = useHangUp(works('hangup'), useCallback(() => void control.hangUp(my.call), [my.call]));

  const desk = (open: () => void) => {
    open();
    void navigate('/desk');
  };
  const run: Readonly<Record<CallKey, () => void>> = {
    // Whoever answers a caller needs the desk; a hotline engineer has the caller on his own page, too.
    answer: () => (role === 'agent' ? desk(control.answer) : control.answer()),
    mute: control.toggleMute,
    hold: () => my.call && void control.toggleHold(my.call),
    keypad: () => desk(() => toggleTool('keypad')),
    transfer: () => (my.phase === 'consult' ? my.call && void control.consult.complete(my.call) : desk(() => toggleTool('transfer'))),
    record: () => my.call && void control.toggleRecording(my.call),
    hangup: hangUp.press,
  };
  useAction('answer', run.answer, works('answer'));
  useAction('mute', run.mute, works('mute'));
  useAction('hold', run.hold, works('hold'));
  useAction('keypad', run.keypad, works('keypad'));
  useAction('transfer', run.transfer, works('transfer'));
  useAction('record', run.record, works('record'));
  useAction('hangup', hangUp.keyDown, works('hangup'));
  useAction('hangup_up', hangUp.keyUp, works('hangup'));
  useAction('task', () => desk(() => openTool('task')), my.mine && (my.phase === 'talking' || my.phase === 'consult'));

  return (
    <div className={css.keys} role="toolbar" aria-label={t('call')}>
      {CALL_KEYS.map((key) => (
        <Key key={key} name={key} my={my} works={works(key)} run={run[key]} armed={key === 'hangup' && hangUp.armed} />
      ))}
      {hangUp.armed && (
        <div className={css.under} role="alert">
          {t('hangup_confirm')}
        </div>
      )}
    </div>
  );
}

interface KeyProps {
  readonly name: CallKey;
  readonly my: MyCall;
  readonly works: boolean;
  readonly run: () => void;
  readonly armed: boolean;
}

function Key({ name, my, works, run, armed }: KeyProps) {
  const { t } = useTranslation('shell');
  const chords = useDisplay((s) => s.chords);
  const tool = useTool((s) => s.tool);
  const look = appearance(name, my);
  return (
    <button
      type="button"
      className={css.key}
      data-key={name}
      data-hot={(works && (tool === name || (name === 'transfer' && my.phase === 'consult'))) || undefined}
      data-armed={armed || undefined}
      disabled={!works}
      aria-pressed={look.pressed}
      aria-keyshortcuts={`Alt+${letterOf(name, chords)}`}
      onClick={run}
    >
      <Icon name={look.icon} size={20} />
      <span className={css.words}>
        <span>{t(look.label)}</span>
        {look.other && <span aria-hidden>{t(look.other)}</span>}
      </span>
      <kbd aria-hidden>{letterOf(name, chords)}</kbd>
    </button>
  );
}

interface Look {
  readonly label: string;
  /** What it says in its other state: the slot is wide enough for both, so that no key moves when one is pressed. */
  readonly other?: string;
  readonly icon: IconName;
  readonly pressed: boolean | undefined;
}

/** Mute, hold and recording are switches: pressed they say what the next press does. */
function appearance(name: CallKey, my: MyCall): Look {
  const plain = { label: `keys.${name}`, icon: ICONS[name], pressed: undefined };
  const between = (on: boolean, label: string, icon: IconName): Look => (on ? { label, other: plain.label, icon, pressed: true } : { ...plain, other: label, pressed: false });
  if (name === 'mute') return between(my.session?.muted === true, 'keys.unmute', 'mic-off');
  if (name === 'hold') return between(my.call?.state === 'held', 'keys.resume', 'play');
  if (name === 'record') return between(my.call?.recording === 'paused', 'keys.record_on', 'rec');
  return plain;
}
