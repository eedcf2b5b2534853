/** Owners by name, number or unit. */
import { Button, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { memo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useSession } from '@/api/queries';
import type { OwnerRow } from '@/api/owners';
import { phoneNumber } from '@/clock/format';
import { useWasTyped } from '@/drafts/form';
import { useFilters } from '@/pages/list/filters';
import list_css from '@/pages/list/list.module.css';
import { ListError, ListPage } from '@/pages/list/ListPage';
import { LongTable } from '@/pages/list/LongTable';
import { usePages } from '@/pages/list/use_pages';
import { EmptyState, Icon, Tag } from '@/ui';
import { NewOwner } from './NewOwner';
import css from './owner.module.css';

export default function OwnersPage() {
  const { t } = useTranslation('owners');
  const role = useSession().data?.user.role;
  const [filters, set] = useFilters(['q'] as const);
  const [q] = useDebouncedValue(filters.q.trim(), 250);
  const list = usePages<OwnerRow>('owners', '/owners', { q });
  const [adding, setAdding] = useState(useWasTyped('owner.new'));
  return (
    <div className={css.split} data-open={adding}>
      <ListPage
        title={t('title')}
        filters={
          <TextInput
            className={list_css.search} size="xs" type="search" autoFocus aria-label={t('search')} placeholder={t('search')} value={filters.q}
            onChange={(event) => set('q', event.currentTarget.value)} leftSection={<Icon name="search" size={14} />}
          />
        }
        aside={role !== 'admin' && <Button size="xs" variant="default" onClick={() => setAdding(true)} leftSection={<Icon name="person-add" size={14} />}>{t('list.new')}</Button>}
        foot={<span>{t('list.loaded', { count: list.rows.length })}</span>}
      >
        {list.error ? (
          <ListError list={list} retry={t('error.retry')} />
        ) : list.rows.length === 0 && !list.loading ? (
          <EmptyState icon="user" hint={q === '' ? t('list.prompt_hint') : t('list.empty_hint')}>{q === '' ? t('list.prompt') : t('list.empty', { q })}</EmptyState>
        ) : (
          <LongTable label={t('list.label')} head={<Head />} rows={list.rows} onEnd={list.loadMore} row={(owner, i) => <Row key={owner.id} owner={owner} index={i} />} />
        )}
      </ListPage>
      {adding && <aside><NewOwner onClose={() => setAdding(false)} /></aside>}
    </div>
  );
}

function Head() {
  const { t } = useTranslation('owners');
  return (
    <thead>
      <tr>
        <th scope="col" style={{ width: '22%' }}>{t('col.name')}</th>
        <th scope="col" style={{ width: 140 }}>{t('col.level')}</th>
        <th scope="col" style={{ width: '28%' }}>{t('col.phones')}</th>
        <th scope="col">{t('col.address')}</th>
      </tr>
    </thead>
  );
}

const Row = memo(function Row({ owner, index }: { readonly owner: OwnerRow; readonly index: number }) {
  const { t } = useTranslation('owners');
  return (
    <tr aria-rowindex={index + 2}>
      <td><Link className={list_css.main} to={`/owners/${owner.id}`} data-row>{owner.name}</Link></td>
      <td>{owner.level && owner.level !== 'standard' ? <Tag tone="outline"><Icon name="tag" size={12} />{t(`level.${owner.level}`, { defaultValue: owner.level })}</Tag> : <span className="mut">{t('level.standard')}</span>}</td>
      <td className="num mut">{owner.phones.map(phoneNumber).join(', ')}</td>
      <td title={owner.address ?? ''}>{owner.address}</td>
    </tr>
  );
});
