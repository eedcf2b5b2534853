import type { ReactNode } from 'react';
import { Icon } from '@/ui';
import css from './board.module.css';
import type { Level } from './figures';

/** A figure that turns amber or red: colour and icon together, plain ink otherwise. */
export function Hot({ level, children }: { readonly level: Level; readonly children: ReactNode }) {
  if (level === '') return <>{children}</>;
  return (
    <span className={css.hot} data-level={level}>
      <Icon name={level === 'late' ? 'alert' : 'hourglass'} size={12} />
      {children}
    </span>
  );
}
