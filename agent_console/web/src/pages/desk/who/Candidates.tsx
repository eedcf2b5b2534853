import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import type { Candidate } from '@/api/owners';
import { change } from '@/call/drafts';
import type { MyCall } from '@/call/use_my_call';
import { useAction } from '@/shell/actions';
import { Panel } from '@/ui';
import css from '../desk.module.css';
import type { InView } from '../use_owner_in_view';
import { useReason } from '../use_reason';

const pick = (call: string | undefined, owner: string) => call !== undefined && change(call, (draft) => ({ ...draft, owner, quick: false }));
const nobody = (call: string | undefined) => call !== undefined && change(call, (draft) => ({ ...draft, owner: null, quick: true }));

/** The owners of this number, the likeliest first, each with the reason; Alt 1–9 picks, Alt 0 is a new entry. */
export function Candidates({ my, view, onPick }: { readonly my: MyCall; readonly view: InView; readonly onPick?: () => void }) {
  const { t } = useTranslation('desk');
  const call = my.call?.id;
  const { candidates } = view;
  const choose = (owner: string) => {
    pick(call, owner);
    onPick?.();
  };
  const newcomer = () => {
    nobody(call);
    onPick?.();
  };
  useAction('pick', (index) => { const one = candidates[index - 1]; if (one) choose(one.owner); }, candidates.length > 0);
  useAction('quick', newcomer, call !== undefined);
  return (
    <Panel title={title(t, candidates.length)} flush line={false}>
      <CandidateList candidates={candidates} view={view} onChoose={choose} onNobody={newcomer} />
    </Panel>
  );
}

const title = (t: (key: string, options?: Record<string, unknown>) => string, count: number): string =>
  count === 0 ? t('candidates.none') : count === 1 ? t('candidates.one') : t('candidates.many', { n: count });

interface ListProps {
  readonly candidates: readonly Candidate[];
  readonly view: InView;
  readonly onChoose: (owner: string) => void;
  readonly onNobody: () => void;
}

function CandidateList({ candidates, view, onChoose, onNobody }: ListProps) {
  const { t } = useTranslation('desk');
  const reason = useReason();
  const name = useId();
  return (
    <fieldset className={css.candidates}>
      <legend className="sr">{t('candidates.label')}</legend>
      {candidates.map((one, index) => (
        <label className={css.candidate} key={one.owner}>
          <input type="radio" name={name} checked={view.chosen === one.owner} onChange={() => onChoose(one.owner)} />
          {index < 9 ? <kbd aria-hidden>{index + 1}</kbd> : <span />}
          <span>
            <b>{one.name}</b> <span className="sm mut">{one.properties[0]?.address}</span>
            <span className={css.why}>{index === 0 && candidates.length > 1 ? `${t('candidates.likeliest')} · ` : ''}{reason(one)}</span>
          </span>
        </label>
      ))}
      <label className={css.candidate}>
        <input type="radio" name={name} checked={view.quick} onChange={onNobody} />
        <kbd aria-hidden>0</kbd>
        <b className="sm">{t(candidates.length > 0 ? 'candidates.nobody' : 'candidates.quick')}</b>
      </label>
    </fieldset>
  );
}
