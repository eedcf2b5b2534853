/** What the check measures, kept up to date while the page is open. */
import { useCallback, useEffect, useState } from 'react';
import { api } from '@/api/client';
import { useDisplay } from '@/app/display';
import { microphone, openMicrophone } from '@/phone/microphone';
import { ringer } from '@/phone/ringer';
import { usePhone } from '@/phone/store';
import { listDevices, watchLevel, type Devices } from './audio';
import type { Measured } from './verdict';

const PINGS = 12;

/** The time of a small request to the api and back: what a call key waits for. */
async function ping(): Promise<number> {
  const start = performance.now();
  await api.get('/session');
  return Math.round(performance.now() - start);
}

function useLevel(ready: boolean, device: string): { readonly level: number; readonly peak: number } {
  const [level, setLevel] = useState(0);
  const [peak, setPeak] = useState(0);
  useEffect(() => {
    const stream = ready ? microphone() : null;
    if (!stream) return undefined;
    return watchLevel(stream, (now) => {
      setLevel(now);
      setPeak((before) => Math.max(before, now));
    });
  }, [ready, device]);
  return { level, peak };
}

function useDevices(ready: boolean): Devices {
  const [devices, setDevices] = useState<Devices>({ inputs: [], outputs: [] });
  useEffect(() => {
    const media = navigator.mediaDevices as MediaDevices | undefined;
    if (!media) return undefined;
    const read = () => void listDevices().then(setDevices, () => undefined);
    read();
    media.addEventListener('devicechange', read);
    return () => media.removeEventListener('devicechange', read);
  }, [ready]);
  return devices;
}

export function useCheck() {
  const state = usePhone((s) => s.microphone);
  const registration = usePhone((s) => s.registration);
  const chosen = useDisplay((s) => s.devices);
  const ready = state === 'ready';
  const { level, peak } = useLevel(ready, chosen.microphone);
  const devices = useDevices(ready);
  const [speakerHeard, setSpeakerHeard] = useState<boolean | null>(null);
  const [unlocked, setUnlocked] = useState(ringer.unlocked);
  const [rttMs, setRtt] = useState<readonly number[]>([]);

  const measureRtt = useCallback(async () => {
    setRtt([]);
    for (let n = 0; n < PINGS; n += 1) {
      const ms = await ping().catch(() => null);
      if (ms === null) return;
      setRtt((before) => [...before, ms]);
    }
  }, []);

  useEffect(() => {
    void openMicrophone();
    void measureRtt();
    // Any press of the user lets the page ring by itself from then on.
    const unlock = () => void ringer.unlock().then(setUnlocked);
    document.addEventListener('pointerdown', unlock);
    document.addEventListener('keydown', unlock);
    return () => {
      document.removeEventListener('pointerdown', unlock);
      document.removeEventListener('keydown', unlock);
    };
  }, [measureRtt]);

  const sameRinger = devices.outputs.length > 1 && chosen.ringer === chosen.speaker;
  const measured: Measured = { microphone: state, peak, speakerHeard, sameRinger, unlocked, registration, rttMs };
  return { measured, level, devices, chosen, setSpeakerHeard, measureRtt };
}
