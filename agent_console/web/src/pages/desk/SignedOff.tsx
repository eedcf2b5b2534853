import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import type { MyCall } from '@/call/use_my_call';
import { EmptyState, Icon, Zone } from '@/ui';
import { WithUnsaved } from './NotSaved';

/** Not in a queue: the shift begins with the check. Or nobody knows: a server that has not reached its core since it started
 *  cannot say whether the shift has begun. */
export function SignedOff({ my }: { readonly my: Pick<MyCall, 'agent' | 'coreUp'> }) {
  const { t } = useTranslation('desk');
  const navigate = useNavigate();
  const known = my.coreUp || my.agent !== null;
  const title = t(known ? 'signed_off.title' : 'state_unknown.title');
  return (
    <WithUnsaved my={my} current={null}>
      {(notSaved) => (
        <>
          <Zone label={t('title')}>{null}</Zone>
          <Zone label={title}>
            {notSaved}
            {known ? (
              <EmptyState
                icon="headset"
                hint={t('signed_off.hint')}
                action={<Button variant="filled" mt="md" leftSection={<Icon name="headset" />} onClick={() => void navigate('/check')}>{t('signed_off.start')}</Button>}
              >
                {title}
              </EmptyState>
            ) : (
              <EmptyState icon="unlink" hint={t('state_unknown.hint')}>{title}</EmptyState>
            )}
          </Zone>
          <Zone label={t('zone.help')}>{null}</Zone>
        </>
      )}
    </WithUnsaved>
  );
}
