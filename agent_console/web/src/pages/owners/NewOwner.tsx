/** Quick entry: a name is enough. Who may already be on record is shown while one types. */
import { Button, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate } from 'react-router';
import { api } from '@/api/client';
import { whyText } from '@/api/errors';
import type { Owner, OwnerRow } from '@/api/owners';
import type { Page } from '@/api/wire';
import { phoneNumber } from '@/clock/format';
import { useFormDraft } from '@/drafts/form';
import { ErrorLine, Panel, Tag } from '@/ui';
import css from './owner.module.css';

export function NewOwner({ onClose }: { readonly onClose: () => void }) {
  const { t } = useTranslation(['owners', 'common']);
  const navigate = useNavigate();
  const queries = useQueryClient();
  const { values: draft, set, drop } = useFormDraft('owner.new', { name: '', number: '', address: '', note: '' });
  const [tried, setTried] = useState(false);
  const make = useMutation({
    mutationFn: () => {
      const { name, number, address, note } = draft;
      return api.post<Owner>('/owners', { name: name.trim(), phones: number.trim() === '' ? [] : [{ number: number.trim(), label: 'mobile' }], address: address.trim(), note: note.trim() });
    },
    onSuccess: (owner) => {
      drop();
      void queries.invalidateQueries({ queryKey: ['owners'] });
      void navigate(`/owners/${owner.id}`);
    },
  });
  const field = (name: keyof typeof draft) => ({ value: draft[name], onChange: (event: { currentTarget: { value: string } }) => set({ [name]: event.currentTarget.value }) });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (draft.name.trim() !== '') make.mutate();
  };
  return (
    <Panel title={t('new_form.title')}>
      <form className={css.form} onSubmit={submit} noValidate>
        <TextInput size="xs" required autoFocus label={t('facts.name')} placeholder={t('new_form.name_hint')} maxLength={200} error={tried && draft.name.trim() === '' && t('edit_form.required')} {...field('name')} />
        <TextInput size="xs" type="tel" label={t('numbers.number')} placeholder={t('new_form.number_hint')} {...field('number')} />
        <TextInput size="xs" label={t('new_form.address')} maxLength={300} {...field('address')} />
        <TextInput size="xs" label={t('facts.note')} maxLength={2000} {...field('note')} />
        <Duplicates name={draft.name} number={draft.number} address={draft.address} />
        {make.error !== null && <ErrorLine>{t('new_form.failed', { why: whyText(t, make.error) })}</ErrorLine>}
        <div className={css.buttons}>
          <Button variant="filled" type="submit" size="xs" loading={make.isPending}>{t('new_form.create')}</Button>
          <Button size="xs" variant="subtle" onClick={() => { drop(); onClose(); }}>{t('cancel')}</Button>
        </div>
      </form>
    </Panel>
  );
}

const SHOWN = 4;

interface Alike extends OwnerRow {
  readonly reasons: readonly ('same_number' | 'same_name' | 'same_address')[];
}

function Duplicates({ name, number, address }: { readonly name: string; readonly number: string; readonly address: string }) {
  const { t } = useTranslation('owners');
  const [asked] = useDebouncedValue(`${name.trim()}\n${number.trim()}\n${address.trim()}`, 250);
  const [byName = '', byNumber = '', byAddress = ''] = asked.split('\n');
  const enough = byName.length >= 2 || byNumber.length >= 4 || byAddress.length >= 4;
  const found = useQuery({
    queryKey: ['owners', 'duplicates', asked],
    queryFn: ({ signal }) => api.get<Page<Alike>>('/owners/duplicates', { name: byName, number: byNumber, address: byAddress }, signal),
    enabled: enough,
  });
  const rows = enough ? (found.data?.items ?? []).slice(0, SHOWN) : [];
  return (
    <div role="status" className="sm">
      {rows.length > 0 && <b>{t('new_form.duplicates')}</b>}
      {rows.map((row) => (
        <div key={row.id} className={css.line} style={{ paddingInline: 0 }}>
          <span>
            {row.name} {row.reasons.map((reason) => <Tag key={reason} tone="soon">{t(`new_form.${reason}`)}</Tag>)}
            <br />
            <span className="xs mut">{[row.address, ...row.phones.map(phoneNumber)].filter(Boolean).join(' · ')}</span>
          </span>
          <Link to={`/owners/${row.id}`} style={{ lineHeight: '24px' }}>{t('new_form.open')}</Link>
        </div>
      ))}
    </div>
  );
}
