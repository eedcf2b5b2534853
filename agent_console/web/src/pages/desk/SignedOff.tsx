import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { EmptyState, Icon, Zone } from '@/ui';

/** Not in a queue: the shift begins with the check. */
export function SignedOff() {
  const { t } = useTranslation('desk');
  const navigate = useNavigate();
  return (
    <>
      <Zone label={t('title')}>{null}</Zone>
      <Zone label={t('signed_off.title')}>
        <EmptyState
          icon="headset"
          hint={t('signed_off.hint')}
          action={<Button variant="filled" mt="md" leftSection={<Icon name="headset" />} onClick={() => void navigate('/check')}>{t('signed_off.start')}</Button>}
        >
          {t('signed_off.title')}
        </EmptyState>
      </Zone>
      <Zone label={t('zone.help')}>{null}</Zone>
    </>
  );
}
