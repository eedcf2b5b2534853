import { Tooltip } from '@mantine/core';
import type { ReactNode } from 'react';

/** A figure's name with its definition: numerator, denominator, clock, exclusions. Opens on focus too. */
export function Formula({ says, children }: { readonly says: string; readonly children: ReactNode }) {
  return (
    <Tooltip label={says} multiline w={280} events={{ hover: true, focus: true, touch: true }} withArrow>
      <button type="button" className="formula">
        {children}
      </button>
    </Tooltip>
  );
}
