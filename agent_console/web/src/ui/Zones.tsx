import { type ReactNode } from 'react';
import { useScrolls } from './use_scrolls';
import css from './zones.module.css';

/** The page under the call bar: who | what | help. F6 walks through the zones; each scrolls by itself, the page never. */
export function Zones({ layout = 'three', title, children }: { readonly layout?: 'three' | 'two' | 'one'; readonly title: string; readonly children: ReactNode }) {
  return (
    <main className={css.zones} data-layout={layout}>
      <h1 className="sr">{title}</h1>
      {children}
    </main>
  );
}

/** One zone, reached by F6 and named for it. */
export function Zone({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  const [zone, scrolls] = useScrolls<HTMLElement>();
  return (
    <section ref={zone} className={css.zone} data-zone aria-label={label} tabIndex={scrolls ? 0 : -1}>
      {children}
    </section>
  );
}
