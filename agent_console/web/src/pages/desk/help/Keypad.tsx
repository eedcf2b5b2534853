import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { TONES, type Tone } from '@/phone/phone';
import { phone } from '@/phone/store';
import { Panel } from '@/ui';
import css from '../desk.module.css';
import { CloseTool } from './CloseTool';

const isTone = (key: string): key is Tone => (TONES as readonly string[]).includes(key);

/** Tones for the other side's menus; the digits of the keyboard work while the keypad has the focus. */
export function Keypad() {
  const { t } = useTranslation('desk');
  const [typed, setTyped] = useState('');
  const press = (tone: Tone) => {
    phone()?.dtmf(tone);
    setTyped((before) => (before + tone).slice(-24));
  };
  return (
    <Panel title={t('keypad.title')} role="dialog" aside={<CloseTool />}>
      <div onKeyDown={(event) => isTone(event.key) && !event.altKey && !event.ctrlKey && press(event.key)}>
        <div className={css.typed} aria-live="polite" aria-label={t('keypad.typed')}>{typed}</div>
        <div className={css.pad}>
          {TONES.map((tone, index) => (
            <button key={tone} type="button" autoFocus={index === 0} onClick={() => press(tone)}>{tone}</button>
          ))}
        </div>
        <p className="xs mut">{t('keypad.hint')}</p>
      </div>
    </Panel>
  );
}
