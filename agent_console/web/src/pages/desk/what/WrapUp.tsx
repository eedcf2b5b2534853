import { Button, NativeSelect, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '@/api/client';
import { ApiError } from '@/api/errors';
import { useDispositions } from '@/api/queries';
import type { Call } from '@/api/calls';
import type { WrapUpDone } from '@/api/records';
import { chooseOwner, setState } from '@/call/control';
import { forget, markSent, setWrapUp, useDraft, type Draft } from '@/call/drafts';
import type { MyCall } from '@/call/use_my_call';
import { timeWithSeconds } from '@/clock/format';
import { serverNow } from '@/clock/ticker';
import { localTime } from '@/pages/owners/call_window';
import { useAction } from '@/shell/actions';
import { Choice, ErrorLine, Icon, nameOf, Panel, Tag, useChoosableReasons } from '@/ui';
import css from '../desk.module.css';
import type { InView } from '../use_owner_in_view';
import { Note } from './Intake';
import { inAnHour, lateOwner, wrapUpBody, wrapUpGaps, type Gap } from './wrap_up_body';

const HOLDERS = ['coordinator', 'hotline_engineer', 'agent', 'field_engineer'] as const;

interface Props {
  readonly my: MyCall;
  readonly call: Call;
  readonly view: InView;
  /** The call's wrap-up is over and this was not saved: what stands in the foot instead of the next status, and what saving leads to. */
  readonly late?: { readonly foot: ReactNode; readonly title: string; readonly onSaved: () => void };
}

/** One panel: disposition, note, ticket and its next holder, follow-up, next status. Ctrl Enter saves and finishes. */
export function WrapUp({ my, call, view, late }: Props) {
  const { t, i18n } = useTranslation('desk');
  const draft = useDraft(call.id);
  const [tried, setTried] = useState(false);
  const gaps = wrapUpGaps(draft);
  const queries = useQueryClient();
  const symptom = draft.intake.symptom && t(`common:symptom.${draft.intake.symptom}`, { defaultValue: draft.intake.symptom });
  const save = useMutation({
    mutationKey: ['wrap-up', call.id],
    networkMode: 'always',
    mutationFn: async () => {
      if (!late && view.chosen && call.owner !== view.chosen && my.coreUp) await chooseOwner(call, view.chosen);
      const about = { owner: view.chosen, property: view.owner?.properties[0]?.id ?? null, symptom, lateOwner: late ? lateOwner(draft, view.chosen, call, my.coreUp) : null };
      return api.post<WrapUpDone>(`/calls/${call.id}/wrap-up`, wrapUpBody(draft, about));
    },
    onSuccess: (done) => {
      for (const key of ['owners', 'tickets', 'callbacks', 'calls']) void queries.invalidateQueries({ queryKey: [key] });
      if (done.finished || late) forget(call.id);
      else markSent(call.id);
      late?.onSaved();
    },
  });
  const finish = () => {
    setTried(true);
    if (gaps[0]) focusGap(gaps[0]);
    else if (!save.isPending) save.mutate();
  };
  useAction('finish', finish, true);
  return (
    <Panel title={late?.title ?? t('wrapup.title')} size="grow" aside={draft.savedAt !== null && <span className="xs mut">{t('intake.kept', { time: timeWithSeconds(draft.savedAt, i18n.language) })}</span>} foot={<Foot saving={save.isPending} late={late !== undefined} onFinish={finish}>{late?.foot ?? <Then my={my} />}</Foot>}>
      <div className={css.wrap}>
        <div className={css.wide}><Disposition call={call} draft={draft} missing={tried && gaps.includes('disposition')} /></div>
        <div className={css.wide}><Note call={call.id} value={draft.intake.note} rows={5} /></div>
        <TicketBox call={call} draft={draft} view={view} symptom={symptom} missing={tried && gaps.includes('title')} />
        <HolderBox call={call} draft={draft} />
        <div className={css.wide}><FollowUp call={call} draft={draft} missing={tried && gaps.includes('callback_at')} /></div>
        {save.error !== null && <div className={css.wide}><NotYet error={save.error} late={late !== undefined} /></div>}
        {save.data && !save.data.finished && <div className={css.wide}><p className="say">{t('wrapup.saved_core_away')}</p></div>}
      </div>
    </Panel>
  );
}

const ID: Readonly<Record<Gap, string>> = { disposition: 'wrap-disposition', title: 'wrap-title', callback_at: 'wrap-callback' };

function focusGap(gap: Gap): void {
  const element = document.getElementById(ID[gap]);
  (element?.matches('input') ? element : element?.querySelector<HTMLElement>('input'))?.focus();
}

function Disposition({ call, draft, missing }: { readonly call: Call; readonly draft: Draft; readonly missing: boolean }) {
  const { t, i18n } = useTranslation('desk');
  const rows = useDispositions().data ?? [];
  const choose = (disposition: string) => setWrapUp(call.id, { disposition });
  useAction('pick', (index) => { const row = rows[index - 1]; if (row) choose(row.id); }, rows.length > 0);
  return (
    <>
      <Choice id={ID.disposition} label={t('wrapup.disposition')} visible required value={draft.wrapup.disposition} onChange={choose}
        options={rows.map((row, index) => ({ value: row.id, label: nameOf(row, i18n.language), ...(index < 9 ? { hint: String(index + 1) } : {}) }))} />
      {missing && <p className="required xs" role="alert">{t('wrapup.choose_disposition')}</p>}
    </>
  );
}

function TicketBox({ call, draft, view, symptom, missing }: { readonly call: Call; readonly draft: Draft; readonly view: InView; readonly symptom: string; readonly missing: boolean }) {
  const { t } = useTranslation('desk');
  const { ticket, title } = draft.wrapup;
  const proposal = [draft.intake.equipment, symptom].filter(Boolean).join(t('list_join'));
  const choose = (value: string) => setWrapUp(call.id, { ticket: value, ...(value === 'new' && title === '' ? { title: proposal } : {}) });
  useAction('ticket', () => { choose('new'); requestAnimationFrame(() => focusGap('title')); });
  const open = view.owner?.open_tickets ?? [];
  const existing = open.find((one) => one.id === ticket);
  return (
    <div>
      <div className={css.legend} aria-hidden>{t('wrapup.ticket')}</div>
      <div className={css.box}>
        <Choice label={t('wrapup.ticket')} value={ticket} onChange={choose} options={[{ value: 'new', label: t('wrapup.new') }, ...open.slice(0, 3).map((one) => ({ value: one.id, label: one.number })), { value: 'none', label: t('wrapup.no_ticket') }]} />
        {ticket === 'new' && (
          <TextInput id={ID.title} aria-label={t('wrapup.ticket_title')} placeholder={t('wrapup.ticket_title')} value={title} error={missing ? t('wrapup.need_title') : undefined} onChange={(event) => setWrapUp(call.id, { title: event.currentTarget.value })} />
        )}
        {ticket === 'new' && <span className="mut xs">{[draft.intake.equipment, draft.intake.service_mode && t(`common:service_mode.${draft.intake.service_mode}`)].filter(Boolean).join(' · ')}</span>}
        {existing && <span className="mut">{existing.title}</span>}
      </div>
    </div>
  );
}

function HolderBox({ call, draft }: { readonly call: Call; readonly draft: Draft }) {
  const { t } = useTranslation('desk');
  const off = draft.wrapup.ticket !== 'new';
  return (
    <div>
      <div className={css.legend}>{t('wrapup.holder')}</div>
      <div className={css.box}>
        <NativeSelect aria-label={t('wrapup.holder')} disabled={off} value={draft.wrapup.holder} onChange={(event) => setWrapUp(call.id, { holder: event.currentTarget.value })} data={HOLDERS.map((value) => ({ value, label: t(`common:role.${value}`) }))} />
        <span className="row xs mut"><Icon name="hourglass" size={14} />{t(off ? 'wrapup.no_clock' : 'wrapup.clock')}</span>
      </div>
    </div>
  );
}

function FollowUp({ call, draft, missing }: { readonly call: Call; readonly draft: Draft; readonly missing: boolean }) {
  const { t } = useTranslation('desk');
  const { callback, callback_at } = draft.wrapup;
  const choose = (value: 'none' | 'callback') => setWrapUp(call.id, { callback: value === 'callback', ...(value === 'callback' && callback_at === '' ? { callback_at: inAnHour(serverNow()) } : {}) });
  useAction('callback', () => { choose('callback'); requestAnimationFrame(() => focusGap('callback_at')); });
  const number = call.direction === 'in' ? call.from : call.to;
  const local = callback_at ? localTime(number, Date.parse(callback_at)) : null;
  return (
    <div className={css.follow}>
      <Choice label={t('wrapup.follow_up')} visible value={callback ? 'callback' : 'none'} onChange={choose} options={[{ value: 'none', label: t('wrapup.no_follow_up') }, { value: 'callback', label: t('wrapup.callback') }]} />
      {callback && (
        <TextInput id={ID.callback_at} type="datetime-local" label={t('wrapup.when')} value={callback_at} min={inAnHour(serverNow() - 3_600_000)} error={missing ? t('wrapup.need_time') : undefined} onChange={(event) => setWrapUp(call.id, { callback_at: event.currentTarget.value })} />
      )}
      {callback && !number && (
        <TextInput type="tel" label={t('wrapup.number')} value={draft.wrapup.callback_number} onChange={(event) => setWrapUp(call.id, { callback_number: event.currentTarget.value })} autoComplete="off" />
      )}
      {callback && local && <span style={{ alignSelf: 'end', paddingBottom: 6 }}><Tag tone={local.mayCall ? 'ok' : 'soon'}><Icon name={local.mayCall ? 'check' : 'clock'} size={12} />{t(local.mayCall ? 'wrapup.in_window' : 'wrapup.out_of_window', { time: local.text })}</Tag></span>}
    </div>
  );
}

/** The record of a call is written a moment after it ended; until then the server does not know it as this agent's. An owner is
 *  written by the core alone. */
const LATE: Readonly<Record<string, string>> = { no_such_call: 'unsaved.no_record', core_away: 'unsaved.owner_core_away' };

function NotYet({ error, late }: { readonly error: unknown; readonly late: boolean }) {
  const { t } = useTranslation('desk');
  const key = late && error instanceof ApiError ? LATE[error.code] : undefined;
  return key === undefined ? <ErrorLine error={error} /> : <ErrorLine>{t(key)}</ErrorLine>;
}

function Foot({ saving, late, onFinish, children }: { readonly saving: boolean; readonly late: boolean; readonly onFinish: () => void; readonly children: ReactNode }) {
  const { t } = useTranslation('desk');
  return (
    <div className={css.foot}>
      {children}
      <span className="grow" />
      <Button variant="filled" loading={saving} leftSection={<Icon name="check" />} rightSection={<kbd>Ctrl ⏎</kbd>} onClick={onFinish}>{t(late ? 'unsaved.save' : 'wrapup.finish')}</Button>
    </div>
  );
}

/** The status after the wrap-up. */
function Then({ my }: { readonly my: MyCall }) {
  const { t, i18n } = useTranslation('desk');
  const reasons = useChoosableReasons();
  const next = my.agent?.next;
  const value = next?.state === 'AUX' ? (next.reason ?? 'READY') : 'READY';
  const choose = (status: string) => void (status === 'READY' ? setState('READY') : setState('AUX', status));
  return (
    <>
      <span className="sm mut" aria-hidden>{t('wrapup.then')}</span>
      <NativeSelect aria-label={t('wrapup.then')} disabled={!my.coreUp} value={value} onChange={(event) => choose(event.currentTarget.value)}
        data={[{ value: 'READY', label: t('common:state.READY') }, ...reasons.map((reason) => ({ value: reason.id, label: `${t('common:state.AUX')} · ${nameOf(reason, i18n.language)}` }))]} />
    </>
  );
}
