import { Button, Textarea, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useId, useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { api } from '@/api/client';
import { whyText } from '@/api/errors';
import type { Owner } from '@/api/owners';
import type { Ticket } from '@/api/tickets';
import { useFormDraft } from '@/drafts/form';
import { ErrorLine, Panel } from '@/ui';

/** A request for an owner: a title is enough, the rest helps the next holder. */
export function NewTicket({ owner, onClose }: { readonly owner: Owner; readonly onClose: () => void }) {
  const { t } = useTranslation(['tickets', 'common']);
  const navigate = useNavigate();
  const queries = useQueryClient();
  const pieces = useId();
  const { values: draft, set, drop } = useFormDraft(`ticket.new.${owner.id}`, { title: '', equipment: '', symptom: '', since_when: '', note: '' });
  const [tried, setTried] = useState(false);
  const make = useMutation({
    mutationFn: () => api.post<Ticket>('/tickets', { ...draft, owner: owner.id, property: owner.properties[0]?.id, phone: owner.phones[0]?.e164 ?? '' }),
    onSuccess: (ticket) => {
      drop();
      for (const key of ['tickets', 'owners']) void queries.invalidateQueries({ queryKey: [key] });
      void navigate(`/tickets/${ticket.id}`);
    },
  });
  const field = (name: keyof typeof draft) => ({ value: draft[name], onChange: (event: { currentTarget: { value: string } }) => set({ [name]: event.currentTarget.value }) });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (draft.title.trim() !== '') make.mutate();
  };
  return (
    <Panel title={t('new.title')} count={t('new.for', { name: owner.name })}>
      <form onSubmit={submit} style={{ display: 'grid', gap: 10 }} noValidate>
        <TextInput size="xs" label={t('new.subject')} placeholder={t('new.subject_hint')} required autoFocus maxLength={200} error={tried && draft.title.trim() === '' && t('new.needs_title')} {...field('title')} />
        <TextInput size="xs" label={t('new.equipment')} list={pieces} maxLength={200} {...field('equipment')} />
        <datalist id={pieces}>
          {owner.equipment.map((piece) => <option key={piece.id} value={[piece.name, piece.model].filter(Boolean).join(' ')} />)}
        </datalist>
        <TextInput size="xs" label={t('new.symptom')} maxLength={200} {...field('symptom')} />
        <TextInput size="xs" label={t('new.since_when')} maxLength={200} {...field('since_when')} />
        <Textarea size="xs" label={t('new.note')} autosize minRows={2} maxRows={6} maxLength={4000} {...field('note')} />
        {make.error !== null && <ErrorLine>{t('new.failed', { why: whyText(t, make.error) })}</ErrorLine>}
        <div className="row">
          <Button variant="filled" type="submit" size="xs" loading={make.isPending}>{t('new.create')}</Button>
          <Button size="xs" variant="subtle" onClick={() => { drop(); onClose(); }}>{t('new.cancel')}</Button>
        </div>
      </form>
    </Panel>
  );
}
