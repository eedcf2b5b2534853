/** The line of a user: one tab holds it (Web Locks), the others are remote controls over a BroadcastChannel.
 *  The leader mints an account per page load, registers, says so to the core, and mints anew when the account died. */
import { api } from '@/api/client';
import { ApiError } from '@/api/errors';
import type { Softphone } from '@/api/session';
import { useDisplay } from '@/app/display';
import { backoff } from '@/live/backoff';
import { command, drawNow, useLiveStore } from '@/live/store';
import { watchInCall } from './in_call';
import { closeMicrophone, microphone, openMicrophone } from './microphone';
import type { Phone, PhoneEvent } from './phone';
import { channelName, isWish, lockName, type TabMessage, type Wish } from './remote_phone';
import { ringer } from './ringer';
import { phone, putInUse, resetPhone, usePhone } from './store';

/** The account is gone (log-out elsewhere, the switch restarted): only a fresh one helps. */
const DEAD_ACCOUNT = new Set([401, 403, 404, 407]);
/** Long enough for the page that asked later to be registered. */
const ACCOUNT_DIED_MS = 2_000;
/** The other page may have lost its line for a moment; after this it is nobody's. */
const LINE_FREE_MS = 10_000;

let leader: Leader | null = null;

/** The line is in use at another page of mine: have it here from now on. */
export const takeLine = (): void => leader?.take();

/** Start the line of this tab; returns how to end it (log-out, never unload). */
export function startPhone(login: string, agent: string): () => void {
  const stopping = new AbortController();
  const channel = typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel(channelName(login));
  let lead: Leader | null = null;
  const follow = channel ? followLeader(channel) : null;

  const begin = () => {
    follow?.stop();
    lead = new Leader(channel, agent);
    leader = lead;
    lead.start();
  };
  if ('locks' in navigator) {
    void navigator.locks
      .request(lockName(login), { signal: stopping.signal }, () => {
        begin();
        // Given on by the browser when this page is cleared away, not earlier: the api must know that it went before another asks.
        return new Promise<void>((resolve) => stopping.signal.addEventListener('abort', () => resolve()));
      })
      .catch(() => undefined);
  } else {
    begin();
  }
  return () => {
    stopping.abort();
    follow?.stop();
    lead?.stop();
    leader = null;
    channel?.close();
    resetPhone();
  };
}

/** A tab without the line: shows the leader's state, passes presses on. It becomes leader when the other tab goes. */
function followLeader(channel: BroadcastChannel): { stop: () => void } {
  const wish = (message: Wish) => channel.postMessage(message);
  const remote: Phone = {
    register: () => undefined,
    unregister: () => undefined,
    answer: () => wish({ wish: 'answer' }),
    hangUp: () => wish({ wish: 'hang_up' }),
    mute: (on) => wish({ wish: 'mute', on }),
    dtmf: (tone) => wish({ wish: 'dtmf', tone }),
    speaker: () => undefined,
    listen: () => () => undefined,
  };
  const release = putInUse(remote);
  const hear = ({ data }: MessageEvent<TabMessage>) => {
    if (isWish(data)) return;
    if (data.told === 'phone') usePhone.setState({ ...data.state, role: 'remote' }, true);
    else useLiveStore.setState(({ live }) => ({ live: { ...live, pop: data.pop } }));
  };
  channel.addEventListener('message', hear);
  wish({ wish: 'state' });
  return {
    stop: () => {
      channel.removeEventListener('message', hear);
      release();
      resetPhone();
    },
  };
}

class Leader {
  #phone: (Phone & { replaceMicrophone?: (stream: MediaStream) => void }) | null = null;
  #account: Softphone | null = null;
  #attempt = 0;
  #minting = false;
  #retry: ReturnType<typeof setTimeout> | null = null;
  readonly #undo: (() => void)[] = [];
  #stopped = false;

  constructor(
    private readonly channel: BroadcastChannel | null,
    private readonly agent: string,
  ) {}

  start(): void {
    usePhone.setState({ role: 'leader' });
    // After a reload in a call every moment is music in the caller's ear: fetch the phone while the account is being made.
    void import('./jssip_phone').catch(() => undefined);
    void openMicrophone((stream) => this.#phone?.replaceMicrophone?.(stream));
    this.#undo.push(watchInCall());
    this.#undo.push(useLiveStore.subscribe((now, before) => this.#live(now, before)));
    this.#undo.push(usePhone.subscribe((now, before) => this.#ring(now.session?.state === 'ringing', now !== before)));
    this.#undo.push(useDisplay.subscribe((now) => this.#devices(now.devices.speaker, now.devices.ringer)));
    const wishes = ({ data }: MessageEvent<TabMessage>) => this.#wished(data);
    this.channel?.addEventListener('message', wishes);
    this.#undo.push(() => this.channel?.removeEventListener('message', wishes));
    const { devices } = useDisplay.getState();
    void ringer.device(devices.ringer);
    void this.#mint();
  }

  stop(): void {
    this.#stopped = true;
    if (this.#retry !== null) clearTimeout(this.#retry);
    for (const undo of this.#undo) undo();
    ringer.stop();
    this.#phone?.unregister();
    closeMicrophone();
  }

  // ---- account --------------------------------------------------------------------------------------------------------

  async #mint(): Promise<void> {
    const { live, line } = useLiveStore.getState();
    if (this.#minting || this.#stopped || !live.page || line.state !== 'open' || !live.core.up) return;
    this.#minting = true;
    try {
      const account = await api.post<Softphone>('/softphone', { page: live.page, kind: 'webrtc' });
      await this.#use(account);
      this.#attempt = 0;
    } catch (error) {
      if (!(error instanceof ApiError && error.status === 401)) this.#again();
    } finally {
      this.#minting = false;
    }
  }

  #again(): void {
    this.#attempt += 1;
    if (this.#retry !== null) clearTimeout(this.#retry);
    this.#retry = setTimeout(() => void this.#mint(), backoff(this.#attempt, Math.random()));
  }

  async #use(softphone: Softphone): Promise<void> {
    this.#account = softphone;
    this.#phone ??= await this.#make(softphone.uri);
    if (this.#stopped) return;
    usePhone.setState({ endpoint: softphone.endpoint });
    this.#phone.register(softphone);
  }

  async #make(uri: string): Promise<Phone> {
    const made: Phone = uri.startsWith('fake:')
      ? new (await import('./fake_phone')).FakePhone()
      : new (await import('./jssip_phone')).JsSipPhone(microphone);
    this.#undo.push(made.listen((event) => event.type === 'session' && drawNow()));
    this.#undo.push(putInUse(made));
    this.#undo.push(made.listen((event) => this.#heard(event)));
    made.speaker(useDisplay.getState().devices.speaker);
    return made;
  }

  #heard(event: PhoneEvent): void {
    if (event.type === 'registration' && event.state === 'registered') this.#sayRegistered();
    if (event.type === 'registration' && event.state === 'failed' && event.code !== null && DEAD_ACCOUNT.has(event.code)) this.#accountDied();
    this.#tell();
  }

  /** Either the switch forgot it, or another machine of this user asked later. */
  #accountDied(after = ACCOUNT_DIED_MS): void {
    if (this.#retry !== null) clearTimeout(this.#retry);
    this.#retry = setTimeout(() => this.#judge(), after);
  }

  /** Two pages that mint against each other would never end: a line that the core counts as registered is somebody else's now.
   *  What a core said before it went is said of a line that was. */
  #judge(): void {
    const { live, line } = useLiveStore.getState();
    if (line.state !== 'open' || !live.core.up) this.#accountDied();
    else if (live.agents[this.agent]?.registered === true) usePhone.setState({ taken: true });
    else void this.#mint();
  }

  take(): void {
    void this.#mint();
  }

  /** READY needs it. The switch's own word may come first, or be missed by a core that was just restarted. */
  #sayRegistered(): void {
    if (this.#account) void command('softphone.registered', { endpoint: this.#account.endpoint }).catch(() => undefined);
  }

  // ---- what the server says ---------------------------------------------------------------------------------------------

  #live(now: ReturnType<typeof useLiveStore.getState>, before: ReturnType<typeof useLiveStore.getState>): void {
    const wasUp = before.line.state === 'open' && before.live.core.up;
    const isUp = now.line.state === 'open' && now.live.core.up;
    if (isUp && this.#account === null) void this.#mint();
    else if (isUp && !wasUp && usePhone.getState().registration === 'registered') this.#sayRegistered();
    if (switchReturned(before.live.switches, now.live.switches)) this.#again();
    const freed = before.live.agents[this.agent]?.registered === true && now.live.agents[this.agent]?.registered === false;
    if (freed && usePhone.getState().taken) this.#accountDied(LINE_FREE_MS);
    if (now.live.pop !== before.live.pop) {
      this.channel?.postMessage({ told: 'pop', pop: now.live.pop } satisfies TabMessage);
      // The server's word ends the ringing, whatever the line says: an offer taken back must fall silent at once.
      if (before.live.pop !== null && now.live.pop === null) ringer.stop();
    }
  }

  #wished(message: TabMessage): void {
    if (!isWish(message)) return;
    if (message.wish === 'answer') phone()?.answer();
    else if (message.wish === 'hang_up') phone()?.hangUp();
    else if (message.wish === 'mute') phone()?.mute(message.on);
    else if (message.wish === 'dtmf') phone()?.dtmf(message.tone);
    else {
      this.#tell();
      this.channel?.postMessage({ told: 'pop', pop: useLiveStore.getState().live.pop } satisfies TabMessage);
    }
  }

  #tell(): void {
    this.channel?.postMessage({ told: 'phone', state: usePhone.getState() } satisfies TabMessage);
  }

  #ring(ringing: boolean, changed: boolean): void {
    if (ringing) ringer.start();
    else ringer.stop();
    if (changed) this.#tell();
  }

  #devices(speaker: string, bell: string): void {
    this.#phone?.speaker(speaker);
    void ringer.device(bell);
  }
}

type Switches = ReturnType<typeof useLiveStore.getState>['live']['switches'];

/** An account lives in the switch's memory: after its restart every page needs a fresh one. */
export function switchReturned(before: Switches, now: Switches): boolean {
  return Object.values(now).some((one) => one.up && before[one.id]?.up === false);
}
