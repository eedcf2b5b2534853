import { TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '@/api/client';
import type { OwnerRow } from '@/api/owners';
import type { Page } from '@/api/wire';
import { change } from '@/call/drafts';
import { closeTool } from '@/call/tools';
import type { MyCall } from '@/call/use_my_call';
import { Icon, Panel } from '@/ui';
import css from '../desk.module.css';
import type { InView } from '../use_owner_in_view';
import { Candidates } from '../who/Candidates';
import { CloseTool } from './CloseTool';

/** Another owner for this call: those of the number first, then anybody by search. */
export function OwnerPicker({ my, view }: { readonly my: MyCall; readonly view: InView }) {
  const { t } = useTranslation('desk');
  const [text, setText] = useState('');
  const [asked] = useDebouncedValue(text.trim(), 200);
  const found = useQuery({ queryKey: ['owners', 'find', asked], queryFn: ({ signal }) => api.get<Page<OwnerRow>>('/owners', { q: asked }, signal), enabled: asked.length >= 2 });
  const take = (owner: string) => {
    if (my.call) change(my.call.id, (draft) => ({ ...draft, owner, quick: false }));
    closeTool();
  };
  return (
    <>
      <Candidates my={my} view={view} onPick={closeTool} />
      <Panel title={t('picker.title')} role="dialog" size="grow" line={false} aside={<CloseTool />} flush>
        <div className={css.search}>
          <TextInput data-autofocus autoFocus aria-label={t('picker.title')} placeholder={t('picker.placeholder')} leftSection={<Icon name="search" />} value={text} onChange={(event) => setText(event.currentTarget.value)} />
        </div>
        {(found.data?.items ?? []).slice(0, 8).map((row) => (
          <button key={row.id} type="button" className={css.phrase} onClick={() => take(row.id)}>
            <Icon name="user" size={14} />
            <b>{row.name}</b>
            <span className="mut cut">{row.address}</span>
          </button>
        ))}
      </Panel>
    </>
  );
}
