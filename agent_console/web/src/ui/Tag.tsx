import type { ReactNode } from 'react';
import css from './ui.module.css';

export type Tone = 'ok' | 'soon' | 'late' | 'accent' | 'outline' | 'plain' | 'neutral';

/** A short word with a quiet ground. Colour only for what is soon or late. */
export function Tag({ tone = 'neutral', children }: { readonly tone?: Tone; readonly children: ReactNode }) {
  return (
    <span className={css.tag} data-tone={tone}>
      {children}
    </span>
  );
}
