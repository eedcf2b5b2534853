import { Button, TextInput } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { Callback } from '@/api/callbacks';
import { moment, phoneNumber } from '@/clock/format';
import { serverNow } from '@/clock/ticker';
import list_css from '@/pages/list/list.module.css';
import type { WhyNot } from '@/pages/owners/use_dial';
import { Due, Icon, useAgentName } from '@/ui';
import css from './callbacks.module.css';
import { fromField, toField } from './order';
import { WhenButtons } from './WhenButtons';

export interface Change {
  readonly id: string;
  readonly state?: Callback['state'];
  readonly due_at?: string;
}

interface Props {
  readonly row: Callback;
  readonly on: boolean;
  readonly dial: { readonly whyNot: WhyNot | null; readonly busy: boolean; readonly ring: () => void } | null;
  readonly onSelect: (id: string) => void;
  readonly onChange: (change: Change) => void;
}

export function CallbackRow({ row, on, dial, onSelect, onChange }: Props) {
  const { t, i18n } = useTranslation('callbacks');
  const agentName = useAgentName();
  const [moving, setMoving] = useState(false);
  const name = row.owner_name || phoneNumber(row.number);
  const open = row.state === 'open';
  return (
    <>
      <tr className={on ? `on ${css.row}` : css.row} onClick={() => onSelect(row.id)} onFocus={() => onSelect(row.id)}>
        <td>{open ? <Due at={row.due_at} /> : <span className="num mut">{moment(row.due_at, serverNow(), i18n.language)}</span>}</td>
        <td><b>{row.owner ? <Link className={list_css.main} to={`/owners/${row.owner}`} data-row>{name}</Link> : <button type="button" className="formula" data-row>{name}</button>}</b></td>
        <td className="num">{phoneNumber(row.number)}</td>
        <td className={css.note}>{row.note}</td>
        <td className={`mut ${list_css.wide}`}>{agentName(row.agent) || t('anyone')}</td>
        <td className="right">
          <div className={css.act}>
            {open && dial && (
              <Button size="xs" variant={on ? 'filled' : 'default'} disabled={dial.whyNot !== null || dial.busy} onClick={dial.ring} leftSection={<Icon name="phone-out" size={14} />} rightSection={on ? <kbd aria-hidden>Alt C</kbd> : undefined}>
                {t('ring')} <span className="sr">{name}</span>
              </Button>
            )}
            {open ? (
              <>
                <Button size="xs" variant="default" aria-label={t('done_owner', { name })} onClick={() => onChange({ id: row.id, state: 'done' })}>{t('done')}</Button>
                <Button size="xs" variant="subtle" aria-expanded={moving} aria-label={t('reschedule_owner', { name })} onClick={() => setMoving(!moving)}>{t('reschedule')}</Button>
              </>
            ) : (
              <Button size="xs" variant="subtle" onClick={() => onChange({ id: row.id, state: 'open' })}>{t('reopen')}</Button>
            )}
          </div>
        </td>
      </tr>
      {moving && open && (
        <tr>
          <td colSpan={6} style={{ padding: 0, height: 'auto' }}>
            <Move row={row} name={name} onChange={onChange} onClose={() => setMoving(false)} />
          </td>
        </tr>
      )}
    </>
  );
}

function Move({ row, name, onChange, onClose }: { readonly row: Callback; readonly name: string; readonly onClose: () => void } & Pick<Props, 'onChange'>) {
  const { t } = useTranslation('callbacks');
  const [when, setWhen] = useState(() => toField(new Date(Math.max(Date.parse(row.due_at), serverNow()))));
  const [refused, setRefused] = useState(false);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const due = fromField(when);
    if (due === null || Date.parse(due) < serverNow()) {
      setRefused(true);
      return;
    }
    onChange({ id: row.id, due_at: due });
    onClose();
  };
  return (
    <form className={css.form} onSubmit={submit} onKeyDown={(event) => event.key === 'Escape' && onClose()} noValidate>
      <div className="row" style={{ alignItems: 'end', flexWrap: 'wrap' }}>
        <TextInput size="xs" type="datetime-local" autoFocus label={`${t('when')} · ${name}`} value={when} onChange={(event) => setWhen(event.currentTarget.value)} error={refused && t('past')} />
        <WhenButtons onPick={(time) => setWhen(toField(time))} />
        <Button variant="filled" type="submit" size="xs">{t('save')}</Button>
        <Button size="xs" variant="subtle" onClick={onClose}>{t('back')}</Button>
        <span className="grow" />
        <Button size="xs" variant="subtle" color="red" onClick={() => onChange({ id: row.id, state: 'cancelled' })}>{t('cancel')}</Button>
      </div>
    </form>
  );
}
