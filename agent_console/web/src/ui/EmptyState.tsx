import type { ReactNode } from 'react';
import { Icon, type IconName } from './icons';
import css from './ui.module.css';

/** What would be here and what to do: icon, one line, one hint. */
export function EmptyState({ icon, children, hint, action }: { readonly icon: IconName; readonly children: ReactNode; readonly hint?: ReactNode; readonly action?: ReactNode }) {
  return (
    <div className={css.empty}>
      <Icon name={icon} size={22} />
      {children}
      {hint !== undefined && <span className="xs">{hint}</span>}
      {action}
    </div>
  );
}
