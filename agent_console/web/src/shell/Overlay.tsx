import { useEffect, useRef, type ReactNode } from 'react';
import { useAction } from './actions';
import css from './shell.module.css';

interface OverlayProps {
  readonly label: string;
  readonly narrow?: boolean;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** Covers the zones, never the call bar: a live call stays in reach. Escape closes it and focus goes back. */
export function Overlay({ label, narrow = false, onClose, children }: OverlayProps) {
  const box = useRef<HTMLDivElement>(null);
  useAction('close', onClose);
  useEffect(() => {
    const before = document.activeElement;
    const first = box.current?.querySelector<HTMLElement>('input, button');
    (first ?? box.current)?.focus();
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  return (
    <div className={css.veil} onPointerDown={(event) => event.target === event.currentTarget && onClose()}>
      <div ref={box} role="dialog" aria-label={label} tabIndex={-1} className={narrow ? `${css.sheet} ${css.palette}` : css.sheet}>
        {children}
      </div>
    </div>
  );
}
