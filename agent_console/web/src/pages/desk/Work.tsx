import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { useSession } from '@/api/queries';
import { inHand } from '@/call/drafts';
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
import { Who } from './Who';

/** From the answer to the end of the wrap-up. */
export function Work({ my }: { readonly my: MyCall }) {
  const { t } = useTranslation('desk');
  const view = useOwnerInView(my);
  const tool = useTool((s) => s.tool);
  const wrapping = my.phase === 'wrapup';
  useRemembered(my, view);
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

/** Whose words these are, should the call be gone before they are saved. */
function useRemembered({ call, mine }: MyCall, view: InView): void {
  const me = useSession().data?.agent?.id;
  const name = view.owner?.name ?? '';
  useEffect(() => {
    if (me !== undefined && call !== null && mine) inHand({ agent: me, call, name });
  }, [me, call, mine, name]);
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
