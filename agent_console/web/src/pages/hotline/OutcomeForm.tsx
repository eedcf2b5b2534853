/** Diagnosis, remedy and the three ways out. A way out is refused while its fields are empty; the first of them gets the focus. */
import { Button, NativeSelect, Textarea, TextInput } from '@mantine/core';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError, whyText } from '@/api/errors';
import type { Ticket } from '@/api/tickets';
import { WhenButtons } from '@/pages/callbacks/WhenButtons';
import { toField } from '@/pages/callbacks/order';
import { useAction } from '@/shell/actions';
import { ErrorLine, Icon, type IconName } from '@/ui';
import { useSheetDraft } from './drafts';
import css from './hotline.module.css';
import { missing, OUTCOMES, type Draft, type Outcome } from './sheets';
import type { useSheetWork } from './use_sheet_work';

const MODES = ['by_phone', 'on_site', 'carry_in', 'mail_in', 'paid'] as const;
const ICONS: Readonly<Record<Outcome, IconName>> = { solved_by_phone: 'check', to_coordinator: 'right', call_again: 'calendar' };

export function OutcomeForm({ sheet, work }: { readonly sheet: Ticket; readonly work: ReturnType<typeof useSheetWork> }) {
  const { t, i18n } = useTranslation(['hotline', 'common']);
  const comma = i18n.language === 'en' ? ', ' : '、';
  const { values: draft, set } = useSheetDraft(sheet.id);
  const form = useRef<HTMLDivElement>(null);
  const [refused, setRefused] = useState<Outcome | null>(null);
  const lacking = refused === null ? [] : missing(refused, draft);

  const choose = (outcome: Outcome) => {
    const first = missing(outcome, draft)[0];
    setRefused(first === undefined ? null : outcome);
    if (first === undefined) work.resolve(outcome, draft);
    else form.current?.querySelector<HTMLElement>(`[name="${first}"]`)?.focus();
  };
  useAction('pick', (index) => {
    const outcome = OUTCOMES[index - 1];
    if (outcome !== undefined) choose(outcome);
  });
  const field = (name: keyof Draft) => ({
    name,
    value: draft[name],
    error: lacking.includes(name) && t('form.required'),
    onChange: (event: { currentTarget: { value: string } }) => set({ [name]: event.currentTarget.value }),
  });
  return (
    <>
      <div className={css.form} ref={form}>
        <Textarea className={css.wide} size="xs" label={t('form.diagnosis')} placeholder={t('form.diagnosis_hint')} autosize minRows={2} maxRows={6} maxLength={2000} {...field('diagnosis')} />
        <Textarea className={css.wide} size="xs" label={t('form.remedy')} placeholder={t('form.remedy_hint')} autosize minRows={2} maxRows={6} maxLength={2000} {...field('remedy')} />
        <NativeSelect size="xs" label={t('form.service_mode')} data={[{ value: '', label: t('form.choose') }, ...MODES.map((value) => ({ value, label: t(`form.mode.${value}`) }))]} {...field('service_mode')} />
        <div>
          <TextInput size="xs" type="datetime-local" label={t('form.due_at')} {...field('due_at')} />
          <div style={{ marginTop: 4 }}><WhenButtons onPick={(time) => set({ due_at: toField(time) })} /></div>
        </div>
      </div>
      <div className={css.foot} role="group" aria-label={t('outcome.label')} style={{ paddingInline: 0 }}>
        {OUTCOMES.map((outcome, i) => (
          <Button key={outcome} variant="default" loading={work.resolving === outcome} disabled={work.resolving !== null} onClick={() => choose(outcome)} leftSection={<Icon name={ICONS[outcome]} size={14} />} rightSection={<kbd aria-hidden>Alt {i + 1}</kbd>}>
            {t(`outcome.${outcome}`)}
          </Button>
        ))}
        {lacking.length > 0 && <div className={css.error}><ErrorLine>{t('outcome.missing', { fields: lacking.map((name) => t(`field.${name}`)).join(comma) })}</ErrorLine></div>}
        {work.resolveError !== null && <div className={css.error}><ErrorLine>{t('outcome.refused', { why: why(work.resolveError, t, comma) })}</ErrorLine></div>}
      </div>
    </>
  );
}

/** The server's own refusal names fields too. */
function why(error: unknown, t: ReturnType<typeof useTranslation>['t'], comma: string): string {
  const fields = error instanceof ApiError && error.code === 'fields_missing' ? error.params.fields : null;
  if (Array.isArray(fields)) return t('outcome.missing', { fields: fields.map((name) => t(`field.${String(name)}`, { defaultValue: String(name) })).join(comma) });
  return whyText(t, error);
}
