import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { closeTool, openTool, useTool } from '@/call/tools';
import type { MyCall } from '@/call/use_my_call';
import { useAction } from '@/shell/actions';
import { EmptyState, Zone } from '@/ui';
import { Help } from './help/Help';
import { useOwnerInView, type InView } from './use_owner_in_view';
import { HeadsUp } from './what/HeadsUp';
import { History } from './what/History';
import { Intake } from './what/Intake';
import { WrapUp } from './what/WrapUp';
import { OpenTickets } from './who/OpenTickets';
import { OwnerCard } from './who/OwnerCard';
import { QuickEntry } from './who/QuickEntry';

/** From the answer to the end of the wrap-up. */
export function Work({ my }: { readonly my: MyCall }) {
  const { t } = useTranslation('desk');
  const view = useOwnerInView(my);
  const tool = useTool((s) => s.tool);
  const wrapping = my.phase === 'wrapup';
  useAction('owner', () => openTool('owner'), my.coreUp);
  useAction('close', closeTool, tool !== null);
  useEffect(() => {
    if (wrapping) closeTool();
  }, [wrapping]);
  return (
    <>
      <Zone label={t('zone.who')}>
        <Who my={my} view={view} />
      </Zone>
      <Zone label={t(wrapping ? 'zone.wrapup' : 'zone.intake')}>
        {wrapping && my.call ? <WrapUp my={my} call={my.call} view={view} /> : my.mine ? <Intake my={my} view={view} /> : <Guest view={view} />}
        {!wrapping && <History owner={view.chosen} />}
      </Zone>
      <Zone label={t('zone.help')}>
        <Help my={my} view={view} />
      </Zone>
    </>
  );
}

/** An engineer who is asked: the owner's story is what he needs; the form is the agent's until the hand-over. */
function Guest({ view }: { readonly view: InView }) {
  const { t } = useTranslation('desk');
  return (
    <>
      <HeadsUp view={view} />
      <EmptyState icon="pencil" hint={t('intake.guest_hint')}>{t('intake.guest')}</EmptyState>
    </>
  );
}

function Who({ my, view }: { readonly my: MyCall; readonly view: InView }) {
  if (view.quick) return <QuickEntry my={my} view={view} />;
  if (!view.owner) return null;
  return (
    <>
      <OwnerCard owner={view.owner} shared={view.candidates.length} onChange={() => openTool('owner')} />
      <OpenTickets tickets={view.owner.open_tickets} />
    </>
  );
}
