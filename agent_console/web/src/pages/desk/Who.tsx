import { openTool } from '@/call/tools';
import type { MyCall } from '@/call/use_my_call';
import type { InView } from './use_owner_in_view';
import { OpenTickets } from './who/OpenTickets';
import { OwnerCard } from './who/OwnerCard';
import { QuickEntry } from './who/QuickEntry';

/** Who is on the line: the owner, or a new person being entered. */
export function Who({ my, view }: { readonly my: MyCall; readonly view: InView }) {
  if (view.quick) return <QuickEntry my={my} view={view} />;
  if (!view.owner) return null;
  return (
    <>
      <OwnerCard owner={view.owner} shared={view.candidates.length} onChange={() => openTool('owner')} />
      <OpenTickets tickets={view.owner.open_tickets} />
    </>
  );
}
