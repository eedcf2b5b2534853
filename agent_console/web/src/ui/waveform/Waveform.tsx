/** The two-sided waveform of a recording, drawn from the server's peaks; a slider to keyboard and screen reader. */
import { useEffect, useRef, type KeyboardEvent } from 'react';
import WaveSurfer from 'wavesurfer.js';
import { duration } from '@/clock/format';
import { colours, drawTwoSides } from './draw';
import { normalised, type Peaks } from './peaks';
import type { Player } from './use_player';
import styles from './waveform.module.css';

interface Props {
  readonly peaks: Peaks;
  readonly player: Player;
  readonly height: number;
  readonly label: string;
}

const STEPS: Readonly<Record<string, number>> = { ArrowLeft: -5, ArrowDown: -5, ArrowRight: 5, ArrowUp: 5, PageUp: 30, PageDown: -30 };

function makeSurfer(box: HTMLElement, peaks: Peaks, audio: HTMLAudioElement, height: number): WaveSurfer {
  return WaveSurfer.create({
    container: box,
    media: audio,
    peaks: normalised(peaks),
    duration: peaks.seconds,
    height,
    cursorWidth: 2,
    cursorColor: getComputedStyle(box).getPropertyValue('--accent').trim(),
    progressColor: 'transparent',
    hideScrollbar: true,
    dragToSeek: true,
    renderFunction: (sides, pen) => drawTwoSides(pen, pen.canvas.width, pen.canvas.height, sides, colours(box), devicePixelRatio),
  });
}

export function Waveform({ peaks, player, height, label }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const { audio, at, seek, toggle } = player;

  useEffect(() => {
    const element = box.current;
    if (element === null) return;
    const surfer = makeSurfer(element, peaks, audio, height);
    const redraw = () => surfer.setOptions({ cursorColor: getComputedStyle(element).getPropertyValue('--accent').trim() });
    const scheme = new MutationObserver(redraw);
    scheme.observe(document.documentElement, { attributeFilter: ['data-mantine-color-scheme'] });
    return () => {
      scheme.disconnect();
      surfer.destroy();
    };
  }, [peaks, audio, height]);

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === ' ') toggle();
    else if (event.key === 'Home') seek(0);
    else if (event.key === 'End') seek(peaks.seconds);
    else if (event.key in STEPS) seek(at + (STEPS[event.key] ?? 0));
    else return;
    event.preventDefault();
  };

  return (
    <div
      className={styles.wave}
      ref={box}
      role="slider"
      tabIndex={0}
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={Math.round(peaks.seconds)}
      aria-valuenow={Math.round(at)}
      aria-valuetext={`${duration(at)} / ${duration(peaks.seconds)}`}
      onKeyDown={onKeyDown}
      style={{ height }}
    />
  );
}
