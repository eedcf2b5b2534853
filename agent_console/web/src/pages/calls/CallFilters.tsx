import { Button, NativeSelect, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useQueues } from '@/api/queries';
import { useAgents } from '@/live/store';
import { byNumber } from '@/pages/board/rows';
import css from '@/pages/list/list.module.css';
import type { SetFilter } from '@/pages/list/filters';
import { Icon, nameOf } from '@/ui';

export const FILTERS = ['q', 'queue', 'agent', 'from', 'to'] as const;
type Name = (typeof FILTERS)[number];

interface Props {
  readonly values: Readonly<Record<Name, string>>;
  readonly onChange: SetFilter<Name>;
  readonly onClear: () => void;
}

export function CallFilters({ values, onChange, onClear }: Props) {
  const { t, i18n } = useTranslation('calls');
  const queues = useQueues().data ?? [];
  const agents = byNumber(Object.values(useAgents()));
  const field = (name: Name) => ({ value: values[name], onChange: (event: { currentTarget: { value: string } }) => onChange(name, event.currentTarget.value) });
  const known = agents.some((agent) => agent.id === values.agent) || values.agent === '';
  return (
    <>
      <TextInput className={css.search} size="xs" type="search" aria-label={t('filter.q')} placeholder={t('search')} leftSection={<Icon name="search" size={14} />} {...field('q')} />
      <NativeSelect
        className={css.short}
        size="xs"
        aria-label={t('filter.queue')}
        data={[{ value: '', label: t('filter.any_queue') }, ...queues.map((queue) => ({ value: queue.id, label: nameOf(queue, i18n.language) }))]}
        {...field('queue')}
      />
      <NativeSelect
        className={css.short}
        size="xs"
        aria-label={t('filter.agent')}
        data={[
          { value: '', label: t('filter.any_agent') },
          ...agents.map((agent) => ({ value: agent.id, label: `${agent.name} ${agent.number}` })),
          ...(known ? [] : [{ value: values.agent, label: values.agent }]),
        ]}
        {...field('agent')}
      />
      <TextInput size="xs" type="date" aria-label={t('filter.from')} leftSection={<span className="xs mut">{t('filter.from')}</span>} leftSectionWidth={42} max={values.to || undefined} {...field('from')} />
      <TextInput size="xs" type="date" aria-label={t('filter.to')} leftSection={<span className="xs mut">{t('filter.to')}</span>} leftSectionWidth={42} min={values.from || undefined} {...field('to')} />
      {Object.values(values).some((value) => value !== '') && (
        <Button size="xs" variant="subtle" onClick={onClear}>
          {t('filter.clear')}
        </Button>
      )}
    </>
  );
}
