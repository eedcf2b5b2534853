import { ActionIcon, Button, NativeSelect, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Icon } from '@/ui';
import css from './owner.module.css';
import { LABELS, type PhoneField } from './phone_fields';

interface Props {
  readonly fields: readonly PhoneField[];
  readonly onChange: (fields: readonly PhoneField[]) => void;
}

/** The numbers of an owner, each with a label; a label another system wrote is kept. */
export function PhoneFields({ fields, onChange }: Props) {
  const { t } = useTranslation('owners');
  const change = (key: string, part: Partial<PhoneField>) => onChange(fields.map((field) => (field.key === key ? { ...field, ...part } : field)));
  const labels = (own: string) => [
    { value: '', label: '–' },
    ...LABELS.map((label) => ({ value: label, label: t(`label.${label}`) })),
    ...(own === '' || (LABELS as readonly string[]).includes(own) ? [] : [{ value: own, label: own }]),
  ];
  return (
    <>
      {fields.map((field) => (
        <div key={field.key} className={css.pair}>
          <TextInput size="xs" type="tel" label={t('numbers.number')} value={field.number} onChange={(event) => change(field.key, { number: event.currentTarget.value })} />
          <NativeSelect size="xs" label={t('numbers.label')} data={labels(field.label)} value={field.label} onChange={(event) => change(field.key, { label: event.currentTarget.value })} />
          <ActionIcon variant="subtle" size={28} aria-label={t('numbers.remove', { number: field.number })} onClick={() => onChange(fields.filter((other) => other.key !== field.key))}>
            <Icon name="x" size={14} />
          </ActionIcon>
        </div>
      ))}
      <Button size="xs" variant="subtle" justify="start" leftSection={<Icon name="add" size={14} />} onClick={() => onChange([...fields, { key: crypto.randomUUID(), number: '', label: 'mobile' }])}>
        {t('numbers.add')}
      </Button>
    </>
  );
}
