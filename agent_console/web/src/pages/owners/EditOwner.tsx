import { Button, NativeSelect, Textarea, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '@/api/client';
import { ApiError, errorText } from '@/api/errors';
import type { Owner } from '@/api/owners';
import { useFormDraft } from '@/drafts/form';
import { ErrorLine, Panel } from '@/ui';
import css from './owner.module.css';
import { fieldsOf, phonesOf } from './phone_fields';
import { PhoneFields } from './PhoneFields';

export const LEVELS = ['standard', 'silver', 'gold', 'vip'] as const;

/** Quick edit. What was typed stays when saving fails or somebody else was faster. */
export function EditOwner({ owner, onClose }: { readonly owner: Owner; readonly onClose: () => void }) {
  const { t } = useTranslation(['owners', 'common']);
  const queries = useQueryClient();
  const initial = { name: owner.name, level: owner.level ?? 'standard', district: owner.district ?? '', note: owner.note ?? '', phones: fieldsOf(owner.phones) };
  const { values, set, drop } = useFormDraft(`owner.${owner.id}`, initial);
  const { phones, ...draft } = values;
  const close = () => {
    drop();
    onClose();
  };
  const save = useMutation({
    mutationFn: () => api.patch<Owner>(`/owners/${owner.id}`, { version: owner.version, ...draft, phones: phonesOf(phones) }),
    onSuccess: (saved) => {
      queries.setQueryData(['owners', owner.id], saved);
      void queries.invalidateQueries({ queryKey: ['owners'] });
      close();
    },
  });
  const field = (name: keyof typeof draft) => ({ value: draft[name], onChange: (event: { currentTarget: { value: string } }) => set({ [name]: event.currentTarget.value }) });
  const conflict = save.error instanceof ApiError && save.error.status === 409;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (draft.name.trim() !== '') save.mutate();
  };
  return (
    <Panel title={t('edit_form.title')}>
      <form className={css.form} onSubmit={submit}>
        <TextInput size="xs" label={t('facts.name')} required data-autofocus autoFocus maxLength={200} error={draft.name.trim() === '' && t('edit_form.required')} {...field('name')} />
        <NativeSelect size="xs" label={t('facts.level')} data={LEVELS.map((level) => ({ value: level, label: t(`level.${level}`) }))} {...field('level')} />
        <TextInput size="xs" label={t('facts.district')} maxLength={100} {...field('district')} />
        <Textarea size="xs" label={t('facts.note')} autosize minRows={2} maxRows={6} maxLength={2000} {...field('note')} />
        <PhoneFields fields={phones} onChange={(next) => set({ phones: [...next] })} />
        {save.error !== null && <ErrorLine>{conflict ? t('edit_form.conflict') : t('edit_form.failed', { why: errorText(t, save.error) })}</ErrorLine>}
        <div className={css.buttons}>
          <Button variant="filled" type="submit" size="xs" loading={save.isPending}>{t('save')}</Button>
          <Button size="xs" variant="subtle" onClick={close}>{t('cancel')}</Button>
          {conflict && <Button size="xs" variant="default" onClick={() => void queries.invalidateQueries({ queryKey: ['owners', owner.id] })}>{t('edit_form.reload')}</Button>}
        </div>
      </form>
    </Panel>
  );
}
