import { useTranslation } from 'react-i18next';
import type { MyCall } from '@/call/use_my_call';
import { Zone } from '@/ui';
import { AboutCall } from './help/AboutCall';
import { Opening } from './help/Opening';
import { useOwnerInView } from './use_owner_in_view';
import { HeadsUp } from './what/HeadsUp';
import { History } from './what/History';
import { Candidates } from './who/Candidates';
import { OpenTickets } from './who/OpenTickets';
import { OwnerCard } from './who/OwnerCard';

/** Before and while it rings: who it is, why, and what it may be about. Nothing here moves under the pointer. */
export function Offer({ my }: { readonly my: MyCall }) {
  const { t } = useTranslation('desk');
  const view = useOwnerInView(my);
  return (
    <>
      <Zone label={t('zone.who')}>
        <Candidates my={my} view={view} />
        {view.owner && <OwnerCard owner={view.owner} />}
      </Zone>
      <Zone label={t('zone.pop')}>
        <OpenTickets tickets={view.owner?.open_tickets ?? []} />
        <HeadsUp view={view} />
        <History owner={view.chosen} />
      </Zone>
      <Zone label={t('zone.call')}>
        <AboutCall my={my} />
        <Opening language={my.call?.language ?? null} />
      </Zone>
    </>
  );
}
