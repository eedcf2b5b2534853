/** One audio element as state. Nothing is loaded before the first play: every play is audited, a glance is not. */
import { useCallback, useEffect, useRef, useState } from 'react';

export interface Player {
  readonly audio: HTMLAudioElement;
  readonly playing: boolean;
  readonly at: number;
  readonly rate: number;
  readonly failed: boolean;
  readonly toggle: () => void;
  readonly seek: (second: number) => void;
  readonly setRate: (rate: number) => void;
}

export const RATES = [1, 1.5, 2] as const;

function makeAudio(url: string): HTMLAudioElement {
  const audio = new Audio();
  audio.preload = 'none';
  audio.src = url;
  return audio;
}

/** `step` is told every position while it plays; it may move on (skipping silence). */
export function usePlayer(url: string, seconds: number, step?: (audio: HTMLAudioElement) => void): Player {
  const [audio, setAudio] = useState(() => makeAudio(url));
  const [state, setState] = useState({ playing: false, at: 0, failed: false });
  const [rate, setRateState] = useState(1);
  const stepRef = useRef(step);
  stepRef.current = step;

  useEffect(() => {
    setAudio((old) => (old.src === new URL(url, location.href).href ? old : makeAudio(url)));
    setState({ playing: false, at: 0, failed: false });
  }, [url]);

  useEffect(() => {
    const follow = () => {
      if (!audio.paused) stepRef.current?.(audio);
      setState((s) => ({ ...s, at: audio.currentTime, playing: !audio.paused && !audio.ended }));
    };
    const fail = () => setState((s) => ({ ...s, failed: true, playing: false }));
    const events = ['play', 'pause', 'ended', 'timeupdate', 'seeking'] as const;
    for (const event of events) audio.addEventListener(event, follow);
    audio.addEventListener('error', fail);
    return () => {
      for (const event of events) audio.removeEventListener(event, follow);
      audio.removeEventListener('error', fail);
      audio.pause();
    };
  }, [audio]);

  const toggle = useCallback(() => {
    setState((s) => ({ ...s, failed: false }));
    if (audio.paused) void audio.play().catch(() => setState((s) => ({ ...s, failed: true, playing: false })));
    else audio.pause();
  }, [audio]);
  const seek = useCallback(
    (second: number) => {
      const to = Math.min(seconds, Math.max(0, second));
      audio.currentTime = to;
      setState((s) => ({ ...s, at: to }));
    },
    [audio, seconds],
  );
  const setRate = useCallback(
    (next: number) => {
      audio.playbackRate = next;
      setRateState(next);
    },
    [audio],
  );
  return { audio, ...state, rate, toggle, seek, setRate };
}
