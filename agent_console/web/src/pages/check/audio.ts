/** Hearing and being heard: the level of the microphone, a short recording played back, a tone on a chosen device. */

const TONE_HZ = 440;
const TONE_S = 0.6;

/** 0…1 a few times a second, until stopped. Loudness as people hear it: a quiet voice already moves the meter. */
export function watchLevel(stream: MediaStream, tell: (level: number) => void): () => void {
  const context = new AudioContext();
  const analyser = context.createAnalyser();
  analyser.fftSize = 1024;
  context.createMediaStreamSource(stream).connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  const timer = setInterval(() => {
    analyser.getFloatTimeDomainData(samples);
    const power = samples.reduce((sum, value) => sum + value * value, 0) / samples.length;
    const decibel = 10 * Math.log10(power + 1e-10);
    tell(Math.min(1, Math.max(0, (decibel + 60) / 54)));
  }, 100);
  return () => {
    clearInterval(timer);
    void context.close();
  };
}

/** Record a little and play it where the agent listens. */
export async function replay(stream: MediaStream, speaker: string, ms = 2_000): Promise<void> {
  const recorder = new MediaRecorder(stream);
  const parts: Blob[] = [];
  recorder.addEventListener('dataavailable', (event) => parts.push(event.data));
  const stopped = new Promise<void>((resolve) => recorder.addEventListener('stop', () => resolve()));
  recorder.start();
  setTimeout(() => recorder.stop(), ms);
  await stopped;
  const audio = new Audio(URL.createObjectURL(new Blob(parts, { type: recorder.mimeType })));
  await audio.setSinkId?.(speaker).catch(() => undefined);
  await audio.play();
}

/** A tone on the device where callers will be heard. */
export async function playTone(speaker: string): Promise<void> {
  const context = new AudioContext();
  const steered = context as { setSinkId?: (device: string) => Promise<void> };
  await steered.setSinkId?.(speaker).catch(() => undefined);
  await context.resume();
  const tone = context.createOscillator();
  const gain = context.createGain();
  tone.frequency.value = TONE_HZ;
  gain.gain.setValueAtTime(0.2, context.currentTime);
  gain.gain.exponentialRampToValueAtTime(0.001, context.currentTime + TONE_S);
  tone.connect(gain).connect(context.destination);
  tone.start();
  tone.stop(context.currentTime + TONE_S);
  setTimeout(() => void context.close(), TONE_S * 1000 + 200);
}

export interface Devices {
  readonly inputs: readonly MediaDeviceInfo[];
  readonly outputs: readonly MediaDeviceInfo[];
}

export async function listDevices(): Promise<Devices> {
  const all = await navigator.mediaDevices.enumerateDevices();
  const real = (kind: MediaDeviceKind) => all.filter((device) => device.kind === kind && device.deviceId !== '' && device.deviceId !== 'communications');
  return { inputs: real('audioinput'), outputs: real('audiooutput') };
}
