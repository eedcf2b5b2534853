import { useId, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { timeWithSeconds } from '@/clock/format';
import { useStale } from '@/live/stale';
import { Icon } from './icons';
import { Tag } from './Tag';
import css from './ui.module.css';
import { useScrolls } from './use_scrolls';

interface PanelProps {
  readonly title: ReactNode;
  /** Quiet figure beside the title. */
  readonly count?: ReactNode;
  /** At the right end of the header: buttons, a tag, the age of the data. */
  readonly aside?: ReactNode;
  readonly size?: 'fix' | 'grow';
  readonly line?: boolean;
  /** Fed by the live socket: dashed and stamped "as of" when the data is old. Values are never blanked. */
  readonly live?: boolean;
  readonly flush?: boolean;
  readonly role?: 'dialog';
  readonly foot?: ReactNode;
  readonly children: ReactNode;
}

/** A titled surface whose body scrolls by itself. */
export function Panel({ title, count, aside, size = 'fix', line = true, live = false, flush = false, role, foot, children }: PanelProps) {
  const id = useId();
  const staleSince = useStale();
  const [body, scrolls] = useScrolls<HTMLDivElement>();
  const stale = live && staleSince !== null;
  return (
    <section className={css.panel} data-size={size} data-stale={stale || undefined} role={role} aria-labelledby={id}>
      <div className={css.head} data-line={line || undefined}>
        <h2 id={id}>{title}</h2>
        {count !== undefined && <span className={css.count}>{count}</span>}
        <span className="grow" />
        {stale ? <AsOf at={staleSince} /> : aside}
      </div>
      <div ref={body} className={css.body} data-top={(line && !flush) || undefined} data-flush={flush || undefined} {...(scrolls ? { tabIndex: 0, role: 'group', 'aria-labelledby': id } : {})}>
        {children}
      </div>
      {foot}
    </section>
  );
}

/** "as of 14:31:44" */
export function AsOf({ at }: { readonly at: number }) {
  const { t, i18n } = useTranslation();
  return (
    <Tag tone="soon">
      <Icon name="clock" size={12} />
      {t('as_of', { time: timeWithSeconds(at, i18n.language) })}
    </Tag>
  );
}
