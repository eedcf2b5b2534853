import { Button, NativeSelect, Textarea, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '@/api/client';
import { whyText } from '@/api/errors';
import type { Callback } from '@/api/callbacks';
import { phoneNumber } from '@/clock/format';
import { serverNow } from '@/clock/ticker';
import { useFormDraft } from '@/drafts/form';
import { ErrorLine, Panel } from '@/ui';
import { fromField, toField } from './order';
import { WhenButtons } from './WhenButtons';

interface Props {
  readonly owner: string | null;
  readonly numbers: readonly string[];
  readonly onClose: () => void;
}

/** Agree a time to ring an owner. It comes up by itself when it is due. */
export function NewCallback({ owner, numbers, onClose }: Props) {
  const { t } = useTranslation(['callbacks', 'common']);
  const queries = useQueryClient();
  const { values: draft, set, drop } = useFormDraft(`callback.${owner ?? 'new'}`, { number: numbers[0] ?? '', when: '', note: '' });
  const [tried, setTried] = useState(false);
  const due = fromField(draft.when);
  const past = due !== null && Date.parse(due) < serverNow();
  const close = () => {
    drop();
    onClose();
  };
  const make = useMutation({
    mutationFn: () => api.post<Callback>('/callbacks', { owner, number: draft.number, due_at: due, note: draft.note.trim() }),
    onSuccess: () => {
      for (const key of ['callbacks', 'owners']) void queries.invalidateQueries({ queryKey: [key] });
      close();
    },
  });
  const field = (name: keyof typeof draft) => ({ value: draft[name], onChange: (event: { currentTarget: { value: string } }) => set({ [name]: event.currentTarget.value }) });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (due !== null && !past && draft.number.trim() !== '') make.mutate();
  };
  return (
    <Panel title={t('new.title')}>
      <form onSubmit={submit} style={{ display: 'grid', gap: 10 }} noValidate>
        {numbers.length > 1 ? (
          <NativeSelect size="xs" label={t('new.number')} data={numbers.map((number) => ({ value: number, label: phoneNumber(number) }))} {...field('number')} />
        ) : (
          <TextInput size="xs" type="tel" required label={t('new.number')} error={tried && draft.number.trim() === '' && t('why_not.no_number')} {...field('number')} />
        )}
        <TextInput size="xs" type="datetime-local" required autoFocus label={t('new.when')} error={tried && (due === null ? t('need_time') : past && t('past'))} {...field('when')} />
        <WhenButtons onPick={(time) => set({ when: toField(time) })} />
        <Textarea size="xs" label={t('new.note')} placeholder={t('new.note_hint')} autosize minRows={2} maxRows={5} maxLength={1000} {...field('note')} />
        {make.error !== null && <ErrorLine>{t('new.failed', { why: whyText(t, make.error) })}</ErrorLine>}
        <div className="row">
          <Button variant="filled" type="submit" size="xs" loading={make.isPending}>{t('new.create')}</Button>
          <Button size="xs" variant="subtle" onClick={close}>{t('new.cancel')}</Button>
        </div>
      </form>
    </Panel>
  );
}
