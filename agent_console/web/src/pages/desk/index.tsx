import { EmptyState, Zone, Zones } from '@/ui';

/** The agent's desk. */
export default function Desk() {
  return (
    <Zones title="Desk">
      <Zone label="Desk">
        <EmptyState icon="headset">…</EmptyState>
      </Zone>
    </Zones>
  );
}
