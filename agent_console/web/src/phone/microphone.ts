/** The microphone, acquired once and kept: answering must not wait for a device, nor ask a question. */
import { useDisplay } from '@/app/display';
import { usePhone } from './store';

let stream: MediaStream | null = null;
let opening: Promise<MediaStream | null> | null = null;

export const microphone = (): MediaStream | null => stream;

export const microphoneConstraints = (device: string): MediaTrackConstraints => ({
  ...(device ? { deviceId: { ideal: device } } : {}),
  echoCancellation: true,
  noiseSuppression: true,
  autoGainControl: true,
});

/** Open it, or open it again on another device; null when it is denied or missing (the store says which). */
export function openMicrophone(replaced: (next: MediaStream) => void = () => undefined): Promise<MediaStream | null> {
  opening ??= open(replaced).finally(() => {
    opening = null;
  });
  return opening;
}

async function open(replaced: (next: MediaStream) => void): Promise<MediaStream | null> {
  const { microphone: device } = useDisplay.getState().devices;
  try {
    const next = await navigator.mediaDevices.getUserMedia({ audio: microphoneConstraints(device) });
    const old = stream;
    stream = next;
    usePhone.setState({ microphone: 'ready' });
    // The headset was pulled out: take what the system offers now, in the middle of the call if need be.
    next.getAudioTracks()[0]?.addEventListener('ended', () => {
      if (stream === next) void openMicrophone(replaced);
    });
    if (old) {
      replaced(next);
      for (const track of old.getTracks()) track.stop();
    }
    return next;
  } catch (error) {
    const name = error instanceof DOMException ? error.name : '';
    usePhone.setState({ microphone: name === 'NotAllowedError' || name === 'SecurityError' ? 'denied' : 'missing' });
    return null;
  }
}

export function closeMicrophone(): void {
  for (const track of stream?.getTracks() ?? []) track.stop();
  stream = null;
}
