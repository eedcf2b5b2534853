import { Button } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { forget, inHand, type Conversation } from '@/call/drafts';
import { closeTool, openTool, useTool } from '@/call/tools';
import type { MyCall } from '@/call/use_my_call';
import { useAction } from '@/shell/actions';
import { Icon, Zone } from '@/ui';
import { CallFacts } from './help/CallFacts';
import { IntakeSummary } from './help/IntakeSummary';
import { OwnerPicker } from './help/OwnerPicker';
import { useOwnerInView } from './use_owner_in_view';
import { useUnsavedName } from './use_unsaved_name';
import { WrapUp } from './what/WrapUp';
import { Who } from './Who';

interface Props {
  readonly my: Pick<MyCall, 'agent' | 'coreUp'>;
  readonly conversation: Conversation;
  readonly onClose: () => void;
}

/** The wrap-up of a call that is over and was not saved: the same form, by the call's id. */
export function LateWrapUp({ my, conversation, onClose }: Props) {
  const { t } = useTranslation('desk');
  const { call } = conversation;
  // No phase of a call: nothing is said to the core about a call it has let go.
  const then: MyCall = { ...my, call, session: null, pop: null, phase: 'idle', mine: true };
  const view = useOwnerInView(then);
  const seen = view.owner?.name ?? conversation.name;
  const name = useUnsavedName()({ ...conversation, name: seen });
  const tool = useTool((s) => s.tool);
  useAction('owner', () => openTool('owner'), my.coreUp);
  useAction('close', closeTool, tool !== null);
  useEffect(() => closeTool, []);
  useEffect(() => inHand({ ...conversation, name: seen }), [conversation, seen]);
  return (
    <>
      <Zone label={t('zone.who')}>
        <Who my={then} view={view} />
      </Zone>
      <Zone label={t('zone.wrapup')}>
        <WrapUp my={then} call={call} view={view} late={{ title: t('unsaved.form', { name }), onSaved: onClose, foot: <Ways call={call.id} onClose={onClose} /> }} />
      </Zone>
      <Zone label={t('zone.help')}>
        {tool === 'owner' ? <OwnerPicker my={then} view={view} /> : <IntakeSummary call={call.id} />}
        <CallFacts call={call.id} />
      </Zone>
    </>
  );
}

/** Back to the day, or throw it away: said twice, nothing brings it back. */
function Ways({ call, onClose }: { readonly call: string; readonly onClose: () => void }) {
  const { t } = useTranslation('desk');
  const [asked, setAsked] = useState(false);
  if (!asked) {
    return (
      <>
        <Button variant="subtle" onClick={onClose}>{t('unsaved.back')}</Button>
        <Button variant="subtle" leftSection={<Icon name="x" />} onClick={() => setAsked(true)}>{t('unsaved.discard')}</Button>
      </>
    );
  }
  const discard = () => {
    forget(call);
    onClose();
  };
  return (
    <div role="alertdialog" aria-label={t('unsaved.sure')} className="row">
      <b className="sm">{t('unsaved.sure')}</b>
      <Button onClick={discard}>{t('unsaved.discard_yes')}</Button>
      <Button autoFocus variant="subtle" onClick={() => setAsked(false)}>{t('unsaved.keep')}</Button>
    </div>
  );
}
