import { Button } from '@mantine/core';
import { useIsMutating } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useSession } from '@/api/queries';
import { useUnsaved, type Conversation } from '@/call/drafts';
import type { MyCall } from '@/call/use_my_call';
import { moment } from '@/clock/format';
import { serverNow } from '@/clock/ticker';
import { Panel, useQueueName } from '@/ui';
import { LateWrapUp } from './LateWrapUp';
import { useUnsavedName } from './use_unsaved_name';

interface Props {
  readonly my: Pick<MyCall, 'agent' | 'coreUp'>;
  readonly current: string | null;
  /** What stands there between calls; it gets the panel, null when all is saved. */
  readonly children: (panel: ReactNode) => ReactNode;
}

/** Between calls, with words that were never saved: a panel that says whose they are, and their form once it is opened. An offer takes
 *  the place of both; afterwards the panel is there again. */
export function WithUnsaved({ my, current, children }: Props) {
  const me = useSession().data?.agent?.id ?? null;
  const unsaved = useUnsaved(me, current);
  // While a wrap-up is on its way, nobody can say that it is not saved.
  const saving = useIsMutating({ mutationKey: ['wrap-up'] }) > 0;
  const [open, setOpen] = useState<Conversation | null>(null);
  if (open !== null) return <LateWrapUp key={open.call.id} my={my} conversation={open} onClose={() => setOpen(null)} />;
  return children(unsaved.length > 0 && !saving ? <NotSaved unsaved={unsaved} onOpen={setOpen} /> : null);
}

function NotSaved({ unsaved, onOpen }: { readonly unsaved: readonly Conversation[]; readonly onOpen: (conversation: Conversation) => void }) {
  const { t, i18n } = useTranslation('desk');
  const name = useUnsavedName();
  const queue = useQueueName();
  const now = serverNow();
  return (
    <Panel title={t('unsaved.title')} count={unsaved.length} flush>
      <p className="sm mut" style={{ padding: '6px 12px' }}>{t('unsaved.hint')}</p>
      {unsaved.map((one) => (
        <div key={one.call.id} className="item">
          <div className="row">
            <b className="cut">{name(one)}</b>
            <span className="sm mut num nw">{moment(one.call.started_at, now, i18n.language)}</span>
            <span className="sm mut cut">{queue(one.call.queue)}</span>
            <span className="grow" />
            <Button size="xs" aria-label={t('unsaved.open_of', { name: name(one) })} onClick={() => onOpen(one)}>{t('unsaved.open')}</Button>
          </div>
        </div>
      ))}
    </Panel>
  );
}
