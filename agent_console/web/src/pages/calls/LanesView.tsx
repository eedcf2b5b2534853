/** Swim lanes on one time axis; the player's position stands on it. */
import { useElementSize } from '@mantine/hooks';
import { useTranslation } from 'react-i18next';
import { duration } from '@/clock/format';
import { EmptyState, useAgentName } from '@/ui';
import css from './call.module.css';
import { ticks, type Lane, type Lanes, type Span } from './lanes';

/** The column of names, as in call.module.css. */
const NAMES_PX = 104;

/** Does the text fit a span of this many pixels? A shorter one speaks by its colour and its hidden text. */
function fits(text: string, pixels: number): boolean {
  const wide = [...text].reduce((sum, letter) => sum + (letter > '\u2e80' ? 12 : 6.6), 14);
  return wide <= pixels;
}

export function LanesView({ lanes: { seconds, lanes }, cursor }: { readonly lanes: Lanes; readonly cursor: number | null }) {
  const { t } = useTranslation('calls');
  const { ref, width } = useElementSize<HTMLDivElement>();
  if (lanes.length === 0 || seconds <= 0) return <EmptyState icon="list">{t('lanes.empty')}</EmptyState>;
  return (
    <div className={css.lanes} ref={ref} role="group" aria-label={t('lanes.label')}>
      <div className={css.axis} aria-hidden>
        {ticks(seconds).filter((at) => at / seconds < 0.95).map((at) => (
          <span key={at} style={{ left: `${(at / seconds) * 100}%` }}>{duration(at)}</span>
        ))}
      </div>
      {lanes.map((lane) => <LaneRow key={lane.who + lane.id} lane={lane} seconds={seconds} axis={width - NAMES_PX} />)}
      {cursor !== null && (
        <div className={css.over} aria-hidden>
          <div className={css.cursor} style={{ left: `${Math.min(100, (cursor / seconds) * 100)}%` }} />
        </div>
      )}
    </div>
  );
}

function LaneRow({ lane, seconds, axis }: { readonly lane: Lane; readonly seconds: number; readonly axis: number }) {
  const { t } = useTranslation('calls');
  const agentName = useAgentName();
  const who = lane.who === 'agent' ? agentName(lane.id) : t(`lanes.${lane.who}`);
  const words = (span: Span): string =>
    t('lanes.span', { who, kind: t(`lanes.kind.${span.kind}`), from: duration(span.from), to: duration(span.to) });
  const label = (span: Span): string => {
    const kind = t(`lanes.kind.${span.kind}`);
    const pixels = ((span.to - span.from) / seconds) * axis;
    return [`${kind} ${duration(span.to - span.from)}`, kind].find((text) => fits(text, pixels)) ?? '';
  };
  return (
    <>
      <div className={css.name}>{who}</div>
      <div className={css.track}>
        <span className="sr">{lane.spans.map(words).join('; ')}</span>
        {lane.spans.map((span) => (
          <div
            key={span.from}
            className={`${css.span} ${css[span.kind]}`}
            data-kind={span.kind}
            title={words(span)}
            aria-hidden
            style={{ left: `${(span.from / seconds) * 100}%`, width: `${((span.to - span.from) / seconds) * 100}%` }}
          >
            {label(span)}
          </div>
        ))}
      </div>
    </>
  );
}

const LEGEND = ['menu', 'wait', 'ring', 'talk', 'consult'] as const;

export function Legend() {
  const { t } = useTranslation('calls');
  return (
    <span className={css.legend} aria-hidden>
      {LEGEND.map((kind) => <span key={kind}><i className={css[kind]} />{t(`lanes.legend.${kind}`)}</span>)}
    </span>
  );
}
