import { Button } from '@mantine/core';
import { useIsMutating, useMutation } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { api } from '@/api/client';
import { ApiError } from '@/api/errors';
import type { TaskSheetBody, Ticket, TicketBrief } from '@/api/tickets';
import { fieldName, missing, REQUIRED_FOR_SHEET, setSheet, useDraft, type IntakeField } from '@/call/drafts';
import type { MyCall } from '@/call/use_my_call';
import { phoneNumber } from '@/clock/format';
import { useAction } from '@/shell/actions';
import { Due, ErrorLine, Icon, Panel } from '@/ui';
import css from '../desk.module.css';
import type { InView } from '../use_owner_in_view';
import { fieldId } from '../what/Intake';
import { CloseTool } from './CloseTool';
import { NUMBER_ID, useSheetNumber } from './SheetNumber';

/** To the first gap, wherever it is on the form. */
function focusField(field: string): void {
  const element = document.getElementById(field === 'number' ? NUMBER_ID : fieldId(field as IntakeField));
  const input = element?.matches('input, textarea, select') ? element : element?.querySelector<HTMLElement>('input');
  input?.focus();
}

function focusRefused(error: unknown): void {
  if (!(error instanceof ApiError)) return;
  const { fields, field } = error.params;
  const first: unknown = Array.isArray(fields) ? fields[0] : field;
  if (typeof first === 'string') focusField(first);
}

/** "An engineer will call you": one key, refused while a required field is empty; the first one gets the focus. */
export function TaskSheet({ my, view }: { readonly my: MyCall; readonly view: InView }) {
  const { t } = useTranslation('desk');
  const draft = useDraft(my.call?.id ?? null);
  const { number, ask } = useSheetNumber(my.call, view);
  const gaps = [...(number ? [] : ['number'] as const), ...missing(draft.intake, REQUIRED_FOR_SHEET)];
  const body: TaskSheetBody = {
    call: my.call?.id ?? null,
    owner: view.chosen,
    equipment: draft.intake.equipment,
    symptom: draft.intake.symptom && t(`common:symptom.${draft.intake.symptom}`, { defaultValue: draft.intake.symptom }),
    since_when: draft.intake.since_when,
    note: draft.intake.note,
    number,
  };
  const key = ['task-sheet', body.call];
  const sending = useIsMutating({ mutationKey: key }) > 0;
  const save = useMutation({
    mutationKey: key,
    mutationFn: () => api.post<Ticket>('/task-sheets', body),
    onSuccess: (sheet) => {
      if (body.call !== null) setSheet(body.call, sheet);
    },
    onError: focusRefused,
  });
  const [updated, setUpdated] = useState(false);
  const send = () => {
    if (gaps[0]) focusField(gaps[0]);
    else if (!sending) save.mutate();
  };
  const made = draft.sheet ?? save.data;
  useAction('finish', send, my.coreUp && !made);
  if (made) {
    // The server knows it as this call's sheet and brings it up to the form; its clock runs on.
    const update = () => save.mutate(undefined, { onSuccess: () => setUpdated(true) });
    return (
      <Made sheet={made} updated={updated}>
        {ask}
        <Button size="xs" disabled={!my.coreUp || gaps.length > 0} loading={sending} leftSection={<Icon name="pencil" size={14} />} onClick={update}>{t('sheet.update', { number: made.number })}</Button>
        <ErrorLine error={save.error} />
      </Made>
    );
  }
  return (
    <Panel title={t('sheet.title')} role="dialog" size="grow" aside={<CloseTool />} foot={
      <div className={css.actions}>
        <Button variant="filled" disabled={!my.coreUp} loading={sending} leftSection={<Icon name="sheet" />} rightSection={<kbd>Ctrl ⏎</kbd>} onClick={send}>{t('sheet.send')}</Button>
      </div>
    }>
      <p className="sm mut">{t('sheet.intro')}</p>
      {gaps.length > 0 && <div style={{ marginTop: 8 }}><ErrorLine>{t('sheet.gaps', { fields: gaps.map((field) => (field === 'number' ? t('sheet.number') : t(`intake.${fieldName(field)}`))).join(t('list_join')) })}</ErrorLine></div>}
      <ul className={css.steps} style={{ marginTop: 8 }}>
        {REQUIRED_FOR_SHEET.map((field) => (
          <li key={field} data-step={gaps.includes(field) ? 'now' : 'done'}>
            <Icon name={gaps.includes(field) ? 'pencil' : 'check'} />
            <button type="button" className={css.change} onClick={() => focusField(field)}>{t(`intake.${fieldName(field)}`)}</button>
          </li>
        ))}
        <li data-step={number ? 'done' : 'now'}><Icon name={number ? 'check' : 'alert'} /><span>{t('sheet.number')}</span><em className="num">{number ? phoneNumber(number) : t('common:unknown_number')}</em></li>
      </ul>
      {ask}
      <ErrorLine error={save.error} />
    </Panel>
  );
}

/** It is the hotline's now; what the owner adds goes onto the same sheet. */
function Made({ sheet, updated, children }: { readonly sheet: TicketBrief; readonly updated: boolean; readonly children: ReactNode }) {
  const { t } = useTranslation('desk');
  return (
    <Panel title={t('sheet.title')} role="dialog" aside={<CloseTool />}>
      <p role="status"><Icon name="check" /> {t('sheet.made', { number: sheet.number })} {updated && <span className="sm mut">{t('sheet.updated')}</span>}</p>
      {sheet.due_at && <p className="row"><span className="mut sm">{t('sheet.due')}</span><Due at={sheet.due_at} counting /></p>}
      <p className="say" style={{ marginTop: 8 }}>{t('sheet.tell_owner')}</p>
      <p className="sm mut" style={{ marginTop: 8 }}>{t('sheet.change')}</p>
      <div className={css.stack} style={{ marginTop: 8, justifyItems: 'start' }}>
        {children}
        <Link className="sm" to={`/tickets/${sheet.id}`} style={{ lineHeight: '24px' }}>{t('sheet.open', { number: sheet.number })}</Link>
      </div>
    </Panel>
  );
}
