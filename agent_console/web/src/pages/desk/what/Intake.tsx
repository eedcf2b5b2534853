import { Autocomplete, NativeSelect, Textarea, TextInput } from '@mantine/core';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import { missing, setIntake, useDraft, type Intake as Typed, type IntakeField } from '@/call/drafts';
import type { MyCall } from '@/call/use_my_call';
import { timeWithSeconds } from '@/clock/format';
import { serverNow } from '@/clock/ticker';
import { warranty } from '@/pages/owners/activity';
import { Choice, Icon, Panel, SYMPTOMS, Tag } from '@/ui';
import css from '../desk.module.css';
import { useCallersWords } from '../use_callers_words';
import type { InView } from '../use_owner_in_view';
import { expandPhrase } from './phrases';

export const SERVICE_MODES = ['on_site', 'carry_in', 'mail_in', 'paid', 'by_phone'] as const;
export const fieldId = (field: IntakeField): string => `intake-${field}`;

/** The guided form: the next question above, required fields marked, the note below. It stays through consult, loss and outage. */
export function Intake({ my, view }: { readonly my: MyCall; readonly view: InView }) {
  const { t } = useTranslation('desk');
  const call = my.call?.id ?? null;
  const draft = useDraft(call);
  const gaps = missing(draft.intake);
  return (
    <Panel
      title={t('intake.title')}
      count={gaps.length === 0 ? <Tag tone="ok"><Icon name="check" size={12} />{t('intake.complete')}</Tag> : <Tag tone="soon"><Icon name="pencil" size={12} />{t('intake.gaps', { n: gaps.length })}</Tag>}
      aside={<Saved at={draft.savedAt} coreUp={my.coreUp} />}
    >
      <NextQuestion my={my} gap={gaps[0] ?? 'note'} />
      {call !== null && <Fields call={call} intake={draft.intake} view={view} />}
    </Panel>
  );
}

function Saved({ at, coreUp }: { readonly at: number | null; readonly coreUp: boolean }) {
  const { t, i18n } = useTranslation('desk');
  if (at === null) return null;
  return <span className={coreUp ? 'xs mut nw' : 'xs required nw'}>{t(coreUp ? 'intake.kept' : 'intake.kept_here', { time: timeWithSeconds(at, i18n.language) })}</span>;
}

/** What to ask now, in the caller's language: the first field that is still empty decides. */
function NextQuestion({ my, gap }: { readonly my: MyCall; readonly gap: IntakeField }) {
  const words = useCallersWords(my.call?.language ?? null);
  return <p className="say" style={{ marginBottom: 9 }} lang={words.language}>{words.t(`question.${gap}`)}</p>;
}

function Fields({ call, intake, view }: { readonly call: string; readonly intake: Typed; readonly view: InView }) {
  const { t } = useTranslation('desk');
  const set = (field: IntakeField) => (value: string) => setIntake(call, field, value);
  const equipment = [...new Set((view.owner?.equipment ?? []).map((one) => [one.name, one.model].filter(Boolean).join(' ')))];
  return (
    <div className={css.form}>
      <Autocomplete id={fieldId('equipment')} label={t('intake.equipment')} withAsterisk data={equipment} value={intake.equipment} onChange={set('equipment')} placeholder={t('intake.equipment_hint')} size="sm" />
      <NativeSelect id={fieldId('service_mode')} label={t('intake.service_mode')} value={intake.service_mode} onChange={(event) => set('service_mode')(event.currentTarget.value)}
        data={[{ value: '', label: t('intake.undecided') }, ...SERVICE_MODES.map((value) => ({ value, label: t(`common:service_mode.${value}`) }))]} />
      <div className={css.wide}><Symptom value={intake.symptom} onChange={set('symptom')} /></div>
      <TextInput id={fieldId('since_when')} label={t('intake.since_when')} withAsterisk value={intake.since_when} onChange={(event) => set('since_when')(event.currentTarget.value)} placeholder={t('intake.since_when_hint')} autoComplete="off" />
      <Warranty view={view} equipment={intake.equipment} />
      <div className={css.wide}><Note call={call} value={intake.note} /></div>
    </div>
  );
}

function Symptom({ value, onChange }: { readonly value: string; readonly onChange: (value: string) => void }) {
  const { t } = useTranslation('desk');
  return <Choice id={fieldId('symptom')} label={t('intake.symptom')} visible required value={value || null} onChange={onChange} options={SYMPTOMS.map((code) => ({ value: code, label: t(`common:symptom.${code}`) }))} />;
}

export function Warranty({ view, equipment }: { readonly view: InView; readonly equipment: string }) {
  const { t } = useTranslation('desk');
  const one = view.owner?.equipment.find((each) => equipment !== '' && equipment.startsWith(each.name));
  const until = one?.warranty_until?.slice(0, 10);
  const valid = warranty(until ?? null, serverNow()).state === 'valid';
  return (
    <div>
      <div className={css.legend}>{t('intake.warranty')}</div>
      <div className="row" style={{ minHeight: 32 }}>
        {until === undefined ? <span className="sm mut">{t('intake.warranty_unknown')}</span> : (
          <Tag tone={valid ? 'ok' : 'soon'}><Icon name={valid ? 'shield' : 'clock'} size={12} />{valid ? t('common:warranty.in') : t('common:warranty.out')} · {t(valid ? 'common:warranty.until' : 'common:warranty.ended', { date: until })}</Tag>
        )}
      </div>
    </div>
  );
}

/** The note is one text from the first word to the wrap-up. "/1" becomes a phrase. */
export function Note({ call, value, rows = 3 }: { readonly call: string; readonly value: string; readonly rows?: number }) {
  const { t } = useTranslation('desk');
  const id = useId();
  return (
    <Textarea
      id={fieldId('note')}
      data-note={id}
      label={t('intake.note')}
      rows={rows}
      value={value}
      onChange={(event) => setIntake(call, 'note', expandPhrase(event.currentTarget.value, (n) => t(`phrases.${n}`)))}
    />
  );
}
