import { Button, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { api } from '@/api/client';
import type { NewOwner, Owner, PossibleDuplicate } from '@/api/owners';
import type { Page } from '@/api/wire';
import { useCaller } from '@/call/caller';
import { change, setEntry, useDraft, type Entry } from '@/call/drafts';
import type { MyCall } from '@/call/use_my_call';
import { useAction } from '@/shell/actions';
import { Choice, ErrorLine, Panel } from '@/ui';
import css from '../desk.module.css';
import type { InView } from '../use_owner_in_view';

const RELATIONS = ['owner', 'family', 'tenant', 'visitor'] as const satisfies readonly Entry['relation'][];

/** An unknown number: a name is enough. While it is typed, owners it may be are shown; picking one adds this number to him. */
export function QuickEntry({ my, view }: { readonly my: MyCall; readonly view: InView }) {
  const { t } = useTranslation('desk');
  const caller = useCaller(my.call, my.pop);
  const number = my.call ? (my.call.direction === 'in' ? my.call.from : my.call.to) : '';
  const { name: typed, address, relation } = useDraft(my.call?.id ?? null).entry;
  const name = typed ?? my.call?.from_name ?? '';
  const set = (part: Partial<Entry>) => { if (my.call) setEntry(my.call.id, part); };
  const queries = useQueryClient();
  const take = (owner: string) => {
    if (my.call) change(my.call.id, (draft) => ({ ...draft, owner, quick: false }));
    void queries.invalidateQueries({ queryKey: ['owners'] });
  };
  const save = useMutation({
    mutationFn: () => api.post<Owner>('/owners', entry({ name, address, number, note: relation === 'owner' ? '' : t(`common:relation.${relation}`) })),
    onSuccess: (owner) => take(owner.id),
  });
  return (
    <Panel title={t('quick.title')} aside={<span className="xs mut num">{caller.number}</span>}>
      <form className={css.stack} onSubmit={(event) => { event.preventDefault(); if (name.trim()) save.mutate(); }}>
        <TextInput label={t('quick.name')} required value={name} onChange={(event) => set({ name: event.currentTarget.value })} autoComplete="off" />
        <Duplicates name={name} number={number} onTake={take} />
        <TextInput label={t('quick.address')} placeholder={t('quick.address_hint')} value={address} onChange={(event) => set({ address: event.currentTarget.value })} autoComplete="off" />
        <Choice label={t('quick.relation')} visible value={relation} onChange={(value) => set({ relation: value })} options={RELATIONS.map((value) => ({ value, label: t(`common:relation.${value}`) }))} />
        <ErrorLine error={save.error} />
        <div className="row">
          <Button type="submit" variant="filled" disabled={!name.trim() || !my.coreUp} loading={save.isPending}>{t('quick.save')}</Button>
          {view.candidates.length > 0 && my.call && (
            <Button variant="subtle" onClick={() => my.call && change(my.call.id, (draft) => ({ ...draft, quick: false }))}>{t('quick.back')}</Button>
          )}
        </div>
        <p className="xs mut">{t('quick.hint')}</p>
      </form>
    </Panel>
  );
}

const entry = (typed: { name: string; address: string; number: string; note: string }): NewOwner => ({
  name: typed.name.trim(),
  phones: typed.number ? [{ number: typed.number }] : [],
  ...(typed.address.trim() ? { address: typed.address.trim() } : {}),
  ...(typed.note ? { note: typed.note } : {}),
});

/** Adding the number is a change of the owner's record: read his version, then write. */
async function addNumber(id: string, number: string): Promise<string> {
  const owner = await api.get<Owner>(`/owners/${id}`);
  if (number && !owner.phones.some((phone) => phone.e164 === number)) {
    const phones = [...owner.phones.map((phone) => ({ number: phone.e164, label: phone.label ?? '' })), { number, label: '' }];
    await api.patch(`/owners/${id}`, { version: owner.version, phones });
  }
  return id;
}

function Duplicates({ name, number, onTake }: { readonly name: string; readonly number: string; readonly onTake: (owner: string) => void }) {
  const { t } = useTranslation('desk');
  const [asked] = useDebouncedValue(name.trim(), 250);
  const found = useQuery({
    queryKey: ['owners', 'duplicates', asked, number],
    queryFn: () => api.get<Page<PossibleDuplicate>>('/owners/duplicates', { name: asked, number }),
    enabled: asked.length >= 2,
  });
  const add = useMutation({ mutationFn: (id: string) => addNumber(id, number), onSuccess: onTake });
  const rows = (found.data?.items ?? []).slice(0, 3);
  useAction('pick', (index) => { const row = rows[index - 1]; if (row) add.mutate(row.id); }, rows.length > 0);
  if (rows.length === 0) return <ErrorLine error={add.error} />;
  return (
    <div className="say" role="status">
      {t('quick.maybe')}
      {rows.map((row, index) => (
        <div key={row.id}>
          <b>{row.name}</b> <span className="mut">{row.address}</span>
          <br />
          <button type="button" className={css.change} onClick={() => add.mutate(row.id)}>
            {t(number ? 'quick.take_number' : 'quick.take')}
            <kbd>Alt {index + 1}</kbd>
          </button>
        </div>
      ))}
      <ErrorLine error={add.error} />
    </div>
  );
}
