import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Owner } from '@/api/owners';
import { useSecond } from '@/clock/ticker';
import { useAction } from '@/shell/actions';
import { ErrorLine, Icon, Tag } from '@/ui';
import { clockOf, localTime, WINDOW } from './call_window';
import css from './owner.module.css';
import type { Dial } from './use_dial';

export type OwnerTool = 'edit' | 'callback' | 'ticket';

interface Props {
  readonly owner: Owner;
  readonly dial: Dial;
  readonly onRing: (number: string) => void;
  readonly onOpen: (tool: OwnerTool) => void;
  readonly mayDial: boolean;
}

/** Name, contract, local time, and the three things one does with an owner. */
export function OwnerHead({ owner, dial, onRing, onOpen, mayDial }: Props) {
  const { t } = useTranslation('owners');
  const number = owner.phones.find((phone) => phone.label !== 'do_not_call')?.e164 ?? null;
  const why = number === null ? ('no_number' as const) : dial.whyNot;
  const ring = () => number !== null && onRing(number);
  useAction('dial', ring, mayDial && why === null);
  useAction('callback', () => onOpen('callback'), mayDial);
  useAction('ticket', () => onOpen('ticket'));
  return (
    <header className={css.head}>
      <h1>{owner.name}</h1>
      {owner.level && owner.level !== 'standard' && (
        <Tag tone="outline"><Icon name="tag" size={12} />{t(`level.${owner.level}`, { defaultValue: owner.level })}</Tag>
      )}
      <span className={`sm mut cut ${css.less}`}>{owner.properties[0]?.address}</span>
      <span className={css.push}>
        {number !== null && <Local number={number} />}
        {mayDial && <Button variant="default" size="sm" onClick={() => onOpen('callback')} leftSection={<Icon name="calendar" />} rightSection={<kbd aria-hidden>Alt R</kbd>}>{t('callback')}</Button>}
        <Button variant="default" size="sm" onClick={() => onOpen('ticket')} leftSection={<Icon name="ticket" />} rightSection={<kbd aria-hidden>Alt N</kbd>}>{t('ticket')}</Button>
        {mayDial && (
          <Button variant="filled" size="sm" disabled={why !== null} loading={dial.dialling !== null} onClick={ring} title={why ? t(`why_not.${why}`) : undefined} leftSection={<Icon name="phone-out" />} rightSection={<kbd aria-hidden>Alt C</kbd>}>
            {t('call')}
          </Button>
        )}
        {mayDial && why !== null && <span className="xs mut">{t(`why_not.${why}`)}</span>}
      </span>
      {dial.error !== null && <div className={css.error}><ErrorLine error={dial.error} /></div>}
    </header>
  );
}

/** The owner's own time, and whether one may ring now. */
export function Local({ number, bare = false }: { readonly number: string; readonly bare?: boolean }) {
  const { t } = useTranslation('owners');
  const local = localTime(number, useSecond() * 1000);
  if (local === null) return null;
  const hours = { from: clockOf(WINDOW.from), to: clockOf(WINDOW.to) };
  return (
    <>
      <span className="sm num">{bare ? local.text : t('local', { time: local.text })}</span>
      <Tag tone={local.mayCall ? 'ok' : 'soon'}>
        <Icon name={local.mayCall ? 'check' : 'clock'} size={12} />
        {local.mayCall ? t('may_call', { time: hours.to }) : t('may_not_call', hours)}
      </Tag>
    </>
  );
}
