import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { ErrorLine } from '@/ui';
import css from './list.module.css';
import type { LongList } from './use_pages';

interface Props {
  readonly title: string;
  readonly filters: ReactNode;
  readonly aside?: ReactNode;
  readonly children: ReactNode;
  readonly foot?: ReactNode;
}

/** The frame of a list: its title and filters, its rows, a foot that says how much is loaded. */
export function ListPage({ title, filters, aside, children, foot }: Props) {
  return (
    <main className={css.page}>
      <section className={css.panel} data-zone tabIndex={-1} aria-label={title}>
        <div className={css.bar} role="search">
          <h1>{title}</h1>
          {filters}
          {aside !== undefined && <span className={css.push}>{aside}</span>}
        </div>
        {children}
        {foot !== undefined && <div className={css.foot}>{foot}</div>}
      </section>
    </main>
  );
}

/** An error in the place of the rows, with the way to try again. */
export function ListError({ list, retry }: { readonly list: LongList<unknown>; readonly retry: string }) {
  return (
    <div style={{ padding: 16, display: 'grid', gap: 10, justifyItems: 'start' }}>
      <ErrorLine error={list.error} />
      <Button size="xs" variant="default" onClick={list.retry}>{retry}</Button>
    </div>
  );
}
