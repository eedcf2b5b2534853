/** A recording to see and hear. The peaks come first; the sound only when asked for, as every play is audited. */
import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '@/api/client';
import { ApiError } from '@/api/errors';
import { duration } from '@/clock/format';
import { Choice, EmptyState, ErrorLine, Icon } from '@/ui';
import { nextSpeech, readPeaks, silentAt, type Peaks } from './peaks';
import { RATES, usePlayer, type Player } from './use_player';
import { Waveform } from './Waveform';
import css from './waveform.module.css';

interface Props {
  readonly call: string;
  readonly height?: number;
  /** Leave out the names of the two sides where there is no room; the label still says them. */
  readonly bare?: boolean;
  /** Where a recording is an extra, show nothing when there is none, or none for this listener. */
  readonly quiet?: boolean;
  /** Told the position, to move a cursor elsewhere with it. */
  readonly onTime?: (second: number) => void;
}

export function Recording({ call, height = 74, bare = false, quiet = false, onTime }: Props) {
  const { t } = useTranslation('calls');
  const peaks = useQuery({
    queryKey: ['peaks', call],
    queryFn: async ({ signal }) => readPeaks(await api.get<unknown>(`/calls/${call}/recording/peaks`, undefined, signal)),
    staleTime: Infinity,
    retry: false,
  });
  if (quiet && !peaks.data) return null;
  if (peaks.isPending) return <div style={{ height: height + 44 }} aria-busy />;
  if (peaks.error instanceof ApiError && peaks.error.status === 403) {
    return <EmptyState icon="shield" hint={t('recording.forbidden_hint')}>{t('recording.forbidden')}</EmptyState>;
  }
  if (peaks.error !== null && !(peaks.error instanceof ApiError && peaks.error.status === 404)) return <ErrorLine error={peaks.error} />;
  if (!peaks.data) return <EmptyState icon="rec" hint={t('recording.none_hint')}>{t('recording.none')}</EmptyState>;
  return <Sound key={call} call={call} peaks={peaks.data} height={height} bare={bare} onTime={onTime} />;
}

function Sound({ call, peaks, height, bare, onTime }: { readonly peaks: Peaks; readonly height: number; readonly bare: boolean } & Pick<Props, 'call' | 'onTime'>) {
  const { t } = useTranslation('calls');
  const [skip, setSkip] = useState(false);
  const player = usePlayer(api.url(`/calls/${call}/recording/audio`), peaks.seconds, (audio) => {
    if (skip && silentAt(peaks, audio.currentTime)) audio.currentTime = nextSpeech(peaks, audio.currentTime);
  });
  useEffect(() => onTime?.(player.at), [player.at, onTime]);
  return (
    <div>
      <div className={css.sides} data-bare={bare || undefined}>
        {!bare && (
          <div className={css.names} aria-hidden>
            <span><i className={css.dot} style={{ background: 'var(--ch-owner)' }} />{t('player.owner')}</span>
            <span><i className={css.dot} style={{ background: 'var(--ch-agent)' }} />{t('player.agent')}</span>
          </div>
        )}
        <Waveform peaks={peaks} player={player} height={height} label={t('player.wave')} />
      </div>
      <Controls player={player} seconds={peaks.seconds} skip={skip} onSkip={setSkip} />
      {player.failed && <ErrorLine>{t('player.failed')}</ErrorLine>}
    </div>
  );
}

interface ControlsProps {
  readonly player: Player;
  readonly seconds: number;
  readonly skip: boolean;
  readonly onSkip: (skip: boolean) => void;
}

function Controls({ player, seconds, skip, onSkip }: ControlsProps) {
  const { t } = useTranslation('calls');
  return (
    <div className={css.player}>
      <Button variant="filled" size="xs" onClick={player.toggle} leftSection={<Icon name={player.playing ? 'pause' : 'play'} size={14} />}>
        {t(player.playing ? 'player.pause' : 'player.play')}
      </Button>
      <span className={`num ${css.time}`}>{duration(player.at)} / {duration(seconds)}</span>
      <Choice
        label={t('player.speed')}
        value={String(player.rate)}
        options={RATES.map((rate) => ({ value: String(rate), label: `${rate}×` }))}
        onChange={(rate) => player.setRate(Number(rate))}
      />
      <Button size="xs" variant={skip ? 'light' : 'default'} aria-pressed={skip} onClick={() => onSkip(!skip)} leftSection={<Icon name="right" size={14} />}>
        {t('player.skip')}
      </Button>
      <span className={css.hint}>{t('recording.audited')}</span>
    </div>
  );
}
