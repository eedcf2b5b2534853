/** What happened, in order, with the reasons of every choice the machine made. */
import { useTranslation } from 'react-i18next';
import type { CallFact } from '@/api/records';
import { duration, phoneNumber, timeWithSeconds } from '@/clock/format';
import { EmptyState, Icon, Tag, useAgentName, useDispositionName, useQueueName } from '@/ui';
import css from './call.module.css';
import { factWords, reasonWords, type Names } from './fact_words';

function useNames(): Names {
  const { t } = useTranslation('calls');
  const disposition = useDispositionName();
  return {
    agent: useAgentName(),
    queue: useQueueName(),
    duration,
    phone: phoneNumber,
    word: (group, code) => (group === 'disposition' ? disposition(code) : t(`${group}.${code}`, { defaultValue: code })),
  };
}

export function Facts({ facts }: { readonly facts: readonly CallFact[] }) {
  const { t } = useTranslation('calls');
  const names = useNames();
  if (facts.length === 0) return <EmptyState icon="list">{t('facts.empty')}</EmptyState>;
  return (
    <ol className={css.facts} aria-label={t('facts.label')} tabIndex={0}>
      {facts.map((fact, i) => (
        <Fact key={`${fact.at}${fact.kind}${i}`} fact={fact} names={names} />
      ))}
    </ol>
  );
}

function Fact({ fact, names }: { readonly fact: CallFact; readonly names: Names }) {
  const { t, i18n } = useTranslation('calls');
  const words = factWords(fact, names);
  const reasons = reasonWords(fact.reasons, names);
  const sentence = t(words.key, words.params);
  return (
    <li className={css.fact} data-chosen={reasons.length > 0 || undefined}>
      <time dateTime={fact.at} className="num">{timeWithSeconds(fact.at, i18n.language)}</time>
      <span className={css.dot}><Icon name={words.icon} size={16} /></span>
      <div>
        <p>{words.key === 'fact.unknown' ? <Tag>{fact.kind}</Tag> : words.strong ? <b>{sentence}</b> : sentence}</p>
        {words.details.length > 0 && <p className={css.why}>{words.details.map((d) => t(d.key, d.params)).join(' · ')}</p>}
        {reasons.length > 0 && (
          <ul className={css.why} aria-label={t('facts.why')}>
            {reasons.map((reason) => (
              <li key={reason.key}><Icon name="check" size={12} /> {t(reason.key, { ...reason.params, defaultValue: reason.params.code ?? '' })}</li>
            ))}
          </ul>
        )}
      </div>
    </li>
  );
}
