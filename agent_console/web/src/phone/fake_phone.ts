/** A phone without a line, for demonstrations and tests: used when the server gives an account whose address is `fake:`.
 *  What the other side does is said from outside as an event on the window: `carillon-fake-phone` with {do, …}. */
import { next, type SessionEvent } from './call_states';
import { Listeners } from './listeners';
import type { Account, Phone, PhoneEvent, PhoneSession, Quality, Tone } from './phone';

export type Outside =
  | { readonly do: 'ring'; readonly call: string | null; readonly offer?: string; readonly from?: string; readonly how?: 'resume' | 'dial' }
  | { readonly do: 'end' }
  | { readonly do: 'lose' }
  /** The account is unknown: 401 to the REGISTER. */
  | { readonly do: 'refuse' }
  | { readonly do: 'return' }
  | { readonly do: 'quality'; readonly quality: Quality };

export const FAKE_EVENT = 'carillon-fake-phone';

export class FakePhone implements Phone {
  readonly tones: Tone[] = [];
  #session: PhoneSession | null = null;
  #registered = false;
  readonly #listeners = new Listeners<PhoneEvent>();
  readonly #hear = (event: Event) => this.outside((event as CustomEvent<Outside>).detail);

  constructor(private readonly target: EventTarget = window) {}

  register(_account: Account): void {
    this.target.addEventListener(FAKE_EVENT, this.#hear);
    this.#listeners.tell({ type: 'registration', state: 'connecting', code: null });
    this.#registered = true;
    this.#listeners.tell({ type: 'registration', state: 'registered', code: null });
  }

  unregister(): void {
    this.target.removeEventListener(FAKE_EVENT, this.#hear);
    this.#registered = false;
    this.#listeners.tell({ type: 'registration', state: 'off', code: null });
  }

  answer(): void {
    if (this.#session?.state !== 'ringing') return;
    this.#step('answer');
    this.#step('accepted');
  }

  hangUp(): void {
    this.#step('ended');
  }

  mute(on: boolean): void {
    if (!this.#session) return;
    this.#session = { ...this.#session, muted: on };
    this.#tell();
  }

  dtmf(tone: Tone): void {
    if (this.#session?.state === 'talking') this.tones.push(tone);
  }

  speaker(_device: string): void {
    // Nothing is heard here.
  }

  listen(listener: (event: PhoneEvent) => void): () => void {
    return this.#listeners.add(listener);
  }

  /** What happens at the other end of the line. */
  outside(what: Outside): void {
    switch (what.do) {
      case 'ring':
        this.#ring(what);
        break;
      case 'end':
        this.#step('ended');
        break;
      case 'lose':
      case 'refuse':
        this.#registered = false;
        this.#listeners.tell({ type: 'registration', state: 'failed', code: what.do === 'refuse' ? 401 : null });
        break;
      case 'return':
        this.#registered = true;
        this.#listeners.tell({ type: 'registration', state: 'registered', code: null });
        break;
      case 'quality':
        this.#listeners.tell({ type: 'quality', quality: what.quality });
    }
  }

  #ring({ call, offer, from, how }: Extract<Outside, { do: 'ring' }>): void {
    if (!this.#registered || (this.#session && !how)) return;
    this.#session = { id: `fake-${Date.now()}`, call, offer: offer ?? null, from: from ?? '', state: 'ringing', muted: false, connected: false, automatic: how !== undefined, since: Date.now() };
    if (how) this.answer();
    else this.#tell();
  }

  #step(event: SessionEvent): void {
    if (!this.#session) return;
    const state = next(this.#session.state, event);
    this.#session = { ...this.#session, state, connected: state === 'talking' };
    this.#tell();
    if (this.#session.state === 'ended') this.#session = null;
  }

  #tell(): void {
    this.#listeners.tell({ type: 'session', session: this.#session?.state === 'ended' ? null : this.#session });
  }
}
