/** The bell, on a device of its own choice: two struck tones, repeated until the server or the line says stop.
 *  Made here, so that it rings with the api away; never the only signal. */

const STRIKE_MS = 2_000;
/** Partials of a small bell: ratio to the ground tone, loudness, seconds to fade. */
const PARTIALS = [
  [1, 0.5, 1.4],
  [2, 0.3, 1.0],
  [2.4, 0.18, 0.7],
  [3, 0.12, 0.5],
] as const;

/** Newer browsers let a context be heard on a chosen device; others use the system's. */
interface Steerable {
  setSinkId?: (device: string) => Promise<void>;
}

export class Ringer {
  #context: AudioContext | null = null;
  #timer: ReturnType<typeof setInterval> | null = null;
  #sink = '';

  /** After a gesture of the user the browser lets the page ring on its own, in the background too. */
  async unlock(): Promise<boolean> {
    const context = this.#ready();
    await context.resume().catch(() => undefined);
    return context.state === 'running';
  }

  get unlocked(): boolean {
    return this.#context?.state === 'running';
  }

  async device(id: string): Promise<void> {
    this.#sink = id;
    await (this.#context as Steerable | null)?.setSinkId?.(id).catch(() => undefined);
  }

  start(): void {
    if (this.#timer !== null) return;
    this.strike();
    this.#timer = setInterval(() => this.strike(), STRIKE_MS);
  }

  stop(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
  }

  /** One stroke: a high bell, then a lower one. */
  strike(): void {
    const context = this.#ready();
    void context.resume().catch(() => undefined);
    this.#bell(context, 740, context.currentTime + 0.02);
    this.#bell(context, 587, context.currentTime + 0.32);
  }

  #ready(): AudioContext {
    if (!this.#context) {
      this.#context = new AudioContext();
      if (this.#sink) void (this.#context as Steerable).setSinkId?.(this.#sink).catch(() => undefined);
    }
    return this.#context;
  }

  #bell(context: AudioContext, ground: number, at: number): void {
    for (const [ratio, loud, fade] of PARTIALS) {
      const tone = context.createOscillator();
      const gain = context.createGain();
      tone.frequency.value = ground * ratio;
      gain.gain.setValueAtTime(loud * 0.4, at);
      gain.gain.exponentialRampToValueAtTime(0.0001, at + fade);
      tone.connect(gain).connect(context.destination);
      tone.start(at);
      tone.stop(at + fade);
    }
  }
}

export const ringer = new Ringer();
