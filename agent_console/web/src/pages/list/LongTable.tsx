/** Plain rows; only those in view are made once there are more than a hundred. Reaching the end asks for the next page. */
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef, type ReactNode } from 'react';
import css from './list.module.css';
import { onRowKeys } from './row_keys';

const VIRTUAL_FROM = 100;
const ROW = 33;

interface Props<T> {
  readonly label: string;
  readonly head: ReactNode;
  readonly rows: readonly T[];
  readonly row: (row: T, index: number) => ReactNode;
  readonly onEnd: () => void;
}

export function LongTable<T>({ label, head, rows, row, onEnd }: Props<T>) {
  const scroller = useRef<HTMLDivElement>(null);
  const long = rows.length > VIRTUAL_FROM;
  const virtual = useVirtualizer({ count: rows.length, getScrollElement: () => scroller.current, estimateSize: () => ROW, overscan: 20, enabled: long });
  const items = long ? virtual.getVirtualItems() : [];
  const first = items[0];
  const last = items.at(-1);
  return (
    <div ref={scroller} className={css.scroll} tabIndex={0} role="region" aria-label={label} onKeyDown={onRowKeys}>
      <table className="table fixed" aria-rowcount={rows.length + 1}>
        {head}
        <tbody>
          <Spacer height={first?.start ?? 0} />
          {long ? items.map(({ index }) => rows[index] !== undefined && row(rows[index], index)) : rows.map(row)}
          <Spacer height={last ? virtual.getTotalSize() - last.end : 0} />
        </tbody>
      </table>
      <End onSeen={onEnd} />
    </div>
  );
}

/** One cell only: a span over all columns would bring back those that a narrow screen leaves out. */
function Spacer({ height }: { readonly height: number }) {
  if (height <= 0) return null;
  return (
    <tr aria-hidden className={css.spacer}>
      <td style={{ height }} />
    </tr>
  );
}

function End({ onSeen }: { readonly onSeen: () => void }) {
  const mark = useRef<HTMLDivElement>(null);
  const latest = useRef(onSeen);
  useEffect(() => {
    latest.current = onSeen;
  });
  useEffect(() => {
    if (mark.current === null || typeof IntersectionObserver === 'undefined') return undefined;
    const watcher = new IntersectionObserver((entries) => entries.some((entry) => entry.isIntersecting) && latest.current());
    watcher.observe(mark.current);
    return () => watcher.disconnect();
  }, []);
  return <div ref={mark} style={{ height: 1 }} />;
}
