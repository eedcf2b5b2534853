import { useTranslation } from 'react-i18next';
import type { MyCall } from '@/call/use_my_call';
import { Zone } from '@/ui';
import { WithUnsaved } from '../NotSaved';
import { CallbacksDue } from './CallbacksDue';
import { Engineers } from './Engineers';
import { MyDay } from './MyDay';
import { MyQueues } from './MyQueues';
import { MyTickets } from './MyTickets';
import { RecentCalls } from './RecentCalls';
import { useMyCalls } from './use_my_calls';

/** Between calls: what is due first, then the day so far. */
export function Day({ my }: { readonly my: MyCall }) {
  const { t } = useTranslation('desk');
  const calls = useMyCalls(my.agent?.id ?? null);
  return (
    <WithUnsaved my={my} current={my.call?.id ?? null}>
      {(notSaved) => (
        <>
          <Zone label={t('zone.day')}>
            <MyDay calls={calls} agent={my.agent?.id ?? ''} />
            <MyQueues agent={my.agent} />
          </Zone>
          <Zone label={t('zone.todo')}>
            {notSaved}
            <CallbacksDue my={my} />
            <RecentCalls calls={calls} />
          </Zone>
          <Zone label={t('zone.follow')}>
            <MyTickets />
            <Engineers />
          </Zone>
        </>
      )}
    </WithUnsaved>
  );
}
