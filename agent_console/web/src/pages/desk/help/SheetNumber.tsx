import { TextInput } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Call } from '@/api/calls';
import { setWrapUp, useDraft } from '@/call/drafts';
import { phoneNumber } from '@/clock/format';
import css from '../desk.module.css';
import type { InView } from '../use_owner_in_view';

export const NUMBER_ID = 'sheet-number';

/** Whom the engineer rings, and the field that asks when the call brought no number. What is entered is the number of the wrap-up's
 *  callback, too: the owner is asked once. */
export function useSheetNumber(call: Call | null, view: InView): { readonly number: string; readonly ask: ReactNode } {
  const typed = useDraft(call?.id ?? null).wrapup.callback_number;
  const brought = call === null ? '' : call.direction === 'in' ? call.from : call.to;
  const ask = call !== null && brought === '' && <SheetNumber call={call.id} value={typed} known={view.owner?.number ?? null} />;
  return { number: brought || typed.trim(), ask };
}

function SheetNumber({ call, value, known }: { readonly call: string; readonly value: string; readonly known: string | null }) {
  const { t } = useTranslation('desk');
  const set = (number: string) => setWrapUp(call, { callback_number: number });
  return (
    <div className={css.stack} style={{ marginTop: 8 }}>
      <TextInput id={NUMBER_ID} type="tel" required label={t('sheet.number')} description={t('sheet.number_hint')} value={value} onChange={(event) => set(event.currentTarget.value)} autoComplete="off" />
      {known !== null && known !== value && (
        <button type="button" className={css.change} onClick={() => set(known)}>{t('sheet.take_known', { number: phoneNumber(known) })}</button>
      )}
    </div>
  );
}
