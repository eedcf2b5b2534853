import { Button, NativeSelect, Textarea, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useId, useRef, useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '@/api/client';
import { ApiError, whyText } from '@/api/errors';
import type { Owner } from '@/api/owners';
import { useFormDraft } from '@/drafts/form';
import { ErrorLine, Panel } from '@/ui';
import css from './owner.module.css';
import { fieldsOf, merged, phonesOf, type PhoneField } from './phone_fields';
import { PhoneFields } from './PhoneFields';

export const LEVELS = ['standard', 'silver', 'gold', 'vip'] as const;

const beganWith = (owner: Owner) => ({ version: owner.version, began: owner.phones.map((phone) => phone.e164) });

const edited = (fields: readonly PhoneField[], phones: Owner['phones']): boolean => JSON.stringify(phonesOf(fields)) !== JSON.stringify(phonesOf(fieldsOf(phones)));

/** Quick edit. What was typed stays when saving fails or somebody else was faster. With the first key the form remembers which version
 *  it began with, and names that one when it saves: what a colleague changed meanwhile must not be overwritten unseen. */
export function EditOwner({ owner, onClose }: { readonly owner: Owner; readonly onClose: () => void }) {
  const { t } = useTranslation(['owners', 'common']);
  const queries = useQueryClient();
  const initial = { name: owner.name, level: owner.level ?? 'standard', district: owner.district ?? '', note: owner.note ?? '', phones: fieldsOf(owner.phones), ...beganWith(owner) };
  const { values, set: change, drop } = useFormDraft(`owner.${owner.id}`, initial);
  const { phones, version, began, ...draft } = values;
  const set = (part: Partial<typeof initial>) => change({ version, began, ...part });
  const [reloaded, setReloaded] = useState(false);
  const id = useId();
  const saveButton = useRef<HTMLButtonElement>(null);
  const close = () => {
    drop();
    onClose();
  };
  const save = useMutation({
    mutationFn: () => api.patch<Owner>(`/owners/${owner.id}`, { version, ...draft, phones: phonesOf(phones) }),
    onSuccess: (saved) => {
      queries.setQueryData(['owners', owner.id], saved);
      void queries.invalidateQueries({ queryKey: ['owners'] });
      close();
    },
  });
  const latest = useMutation({
    mutationFn: () => queries.fetchQuery({ queryKey: ['owners', owner.id], queryFn: () => api.get<Owner>(`/owners/${owner.id}`), staleTime: 0 }),
    onSuccess: (now) => {
      set({ ...beganWith(now), ...(edited(phones, owner.phones) ? { phones: merged(phones, began, now.phones) } : {}) });
      save.reset();
      setReloaded(true);
      saveButton.current?.focus(); // the button that was pressed is gone
    },
  });
  /** After a reload: what is on record where something else is typed. */
  const onRecord = (name: 'name' | 'district' | 'note') => (reloaded && draft[name] !== (owner[name] ?? '') ? t('edit_form.on_record', { value: owner[name] || t('facts.none') }) : undefined);
  const field = (name: keyof typeof draft) => ({ value: draft[name], onChange: (event: { currentTarget: { value: string } }) => set({ [name]: event.currentTarget.value }) });
  const conflict = save.error instanceof ApiError && save.error.status === 409;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (draft.name.trim() !== '') save.mutate();
  };
  const foot = (
    <div className={css.foot}>
      {save.error !== null && <ErrorLine>{conflict ? t('edit_form.conflict') : t('edit_form.failed', { why: whyText(t, save.error) })}</ErrorLine>}
      <ErrorLine error={latest.error} />
      <div className={css.buttons}>
        <Button ref={saveButton} variant="filled" type="submit" form={id} size="xs" loading={save.isPending}>{t('save')}</Button>
        <Button size="xs" variant="subtle" onClick={close}>{t('cancel')}</Button>
        {conflict && <Button size="xs" variant="default" loading={latest.isPending} onClick={() => latest.mutate()}>{t('edit_form.reload')}</Button>}
      </div>
    </div>
  );
  return (
    <Panel title={t('edit_form.title')} foot={foot}>
      <form id={id} className={css.form} onSubmit={submit}>
        <TextInput size="xs" label={t('facts.name')} required data-autofocus autoFocus maxLength={200} error={draft.name.trim() === '' && t('edit_form.required')} description={onRecord('name')} {...field('name')} />
        <NativeSelect size="xs" label={t('facts.level')} data={LEVELS.map((level) => ({ value: level, label: t(`level.${level}`) }))} {...field('level')} />
        <TextInput size="xs" label={t('facts.district')} maxLength={100} description={onRecord('district')} {...field('district')} />
        <Textarea size="xs" label={t('facts.note')} autosize minRows={2} maxRows={6} maxLength={2000} description={onRecord('note')} {...field('note')} />
        <PhoneFields fields={phones} onChange={(next) => set({ phones: [...next] })} />
      </form>
    </Panel>
  );
}
