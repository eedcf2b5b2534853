import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import type { Phase } from '@/call/phase';
import { useMyCall, type MyCall } from '@/call/use_my_call';
import { useLoaded } from '@/live/store';
import { Zones } from '@/ui';
import { Day } from './day/Day';
import { remember } from './day/record_due';
import { Offer } from './Offer';
import { SignedOff } from './SignedOff';
import { Work } from './Work';

/** The agent's desk. Talking, consulting, line lost and wrap-up are one layout: what is being typed is never taken away. */
const LAYOUT: Readonly<Record<Phase, (props: { readonly my: MyCall }) => React.ReactNode>> = {
  signed_off: SignedOff,
  idle: Day,
  offer: Offer,
  dialling: Work,
  talking: Work,
  consult: Work,
  lost: Work,
  wrapup: Work,
};

export default function Desk() {
  const { t } = useTranslation('desk');
  const my = useMyCall();
  const loaded = useLoaded();
  useEffect(() => remember(my), [my]);
  const Layout = my.phase === 'lost' && my.call === null ? Day : LAYOUT[my.phase];
  return (
    <Zones title={t('title')}>
      {loaded && <Layout my={my} />}
    </Zones>
  );
}
