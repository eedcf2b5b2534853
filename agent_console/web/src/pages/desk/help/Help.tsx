import { useTool } from '@/call/tools';
import type { MyCall } from '@/call/use_my_call';
import type { InView } from '../use_owner_in_view';
import { AboutCall } from './AboutCall';
import { CallFacts } from './CallFacts';
import { ConsultPanel } from './ConsultPanel';
import { IntakeSummary } from './IntakeSummary';
import { Keypad } from './Keypad';
import { OwnerPicker } from './OwnerPicker';
import { Phrases } from './Phrases';
import { Recovery } from './Recovery';
import { TaskSheet } from './TaskSheet';
import { Transfer } from './Transfer';

/** What stands in the help zone: the open tool, else what the phase calls for. */
export function Help({ my, view }: { readonly my: MyCall; readonly view: InView }) {
  const tool = useTool((s) => s.tool);
  if (my.phase === 'lost') return <Recovery my={my} />;
  if (my.phase === 'wrapup') {
    return (
      <>
        {tool === 'owner' ? <OwnerPicker my={my} view={view} /> : my.call && <IntakeSummary call={my.call.id} />}
        {my.call && <CallFacts call={my.call.id} />}
      </>
    );
  }
  if (tool === 'keypad') return <Keypad />;
  if (tool === 'owner') return <OwnerPicker my={my} view={view} />;
  if (tool === 'task') return <TaskSheet my={my} view={view} />;
  if (my.call?.consult) return <ConsultPanel my={my} call={my.call} />;
  if (tool === 'transfer' && my.call) return <Transfer my={my} call={my.call} />;
  return (
    <>
      {my.call && <Phrases call={my.call.id} />}
      <AboutCall my={my} />
    </>
  );
}
