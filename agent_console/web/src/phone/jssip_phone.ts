/** The Phone on JsSIP: the only file that knows it. Each odd line names what was measured or read. */
import * as JsSIP from 'jssip';
import type { RTCSession } from 'jssip/lib/RTCSession';
import type { IncomingRequest } from 'jssip/lib/SIPMessage';
import type { RTCSessionEvent, UA, UnRegisteredEvent } from 'jssip/lib/UA';
import { next, type SessionEvent } from './call_states';
import { suffices } from './candidates';
import { Listeners } from './listeners';
import type { Account, Phone, PhoneEvent, PhoneSession, Tone } from './phone';
import { qualityOf, type Counts } from './quality';
import { SipSocket } from './sip_socket';

const STATS_MS = 2_000;
const DRAW_AFTER_MS = 50;
/** Answered without a click: the core brings the agent back to his caller, or connects a call he asked for. */
const AUTOMATIC = new Set(['resume', 'dial']);

interface Held {
  readonly rtc: RTCSession;
  view: PhoneSession;
}

/** JsSIP's own types leave this one out; an in-dialog request is how a renewed socket makes its address known. */
interface InDialog {
  sendRequest(method: 'UPDATE', options: { extraHeaders: string[] }): void;
}

export class JsSipPhone implements Phone {
  #ua: UA | null = null;
  #held: Held | null = null;
  #stats: ReturnType<typeof setInterval> | null = null;
  #counts: Counts | null = null;
  readonly #ear = new Audio();
  readonly #listeners = new Listeners<PhoneEvent>();

  /** `microphone` is asked at each answer: acquired once, long before, so that answering never waits for a device. */
  constructor(private readonly microphone: () => MediaStream | null) {
    this.#ear.autoplay = true;
  }

  register(account: Account): void {
    this.#retire();
    const ua = new JsSIP.UA({
      sockets: [new SipSocket()],
      uri: account.uri,
      password: account.secret,
      register_expires: 120,
      session_timers: false,
      // A restarted api or switch is back within seconds; JsSIP's own 2…30 s would leave the agent waiting.
      connection_recovery_min_interval: 1,
      connection_recovery_max_interval: 3,
    });
    this.#ua = ua;
    const mine = (run: () => void) => () => {
      if (this.#ua === ua) run();
    };
    ua.on('connecting', mine(() => this.#registration('connecting', null)));
    ua.on('registered', mine(() => this.#registered()));
    ua.on('unregistered', mine(() => this.#registration('failed', null)));
    ua.on('disconnected', mine(() => this.#registration('failed', null)));
    ua.on('registrationFailed', (event: UnRegisteredEvent) => {
      if (this.#ua === ua) this.#registration('failed', (event.response as { status_code?: number } | null)?.status_code ?? null);
    });
    ua.on('newRTCSession', (event: RTCSessionEvent) => {
      // This page never places a call by SIP: the core rings it, and it answers.
      if (this.#ua === ua && (event.originator as string) === 'remote') this.#incoming(event.session, event.request as IncomingRequest);
    });
    ua.start();
  }

  unregister(): void {
    this.#ua?.stop();
    this.#ua = null;
    this.#registration('off', null);
  }

  answer(): void {
    const held = this.#held;
    if (held?.view.state !== 'ringing') return;
    held.view = { ...held.view, state: next(held.view.state, 'answer') };
    // No STUN: agent and switch are in one network, and a dead server would hold the answer back beyond the ring time.
    held.rtc.answer({
      mediaStream: this.microphone() ?? undefined,
      mediaConstraints: { audio: true, video: false },
      pcConfig: { iceServers: [] },
    });
    // The answer needs this thread for some ten milliseconds; drawing "answering" first would keep the caller waiting.
    setTimeout(() => held.view.state === 'answering' && this.#tell(held), DRAW_AFTER_MS);
  }

  hangUp(): void {
    const rtc = this.#held?.rtc;
    if (rtc && !rtc.isEnded()) rtc.terminate();
  }

  /** Through JsSIP, which keeps sending silence: without a track `rtp_timeout` would take the agent for lost. */
  mute(on: boolean): void {
    const held = this.#held;
    if (!held) return;
    if (on) held.rtc.mute({ audio: true });
    else held.rtc.unmute({ audio: true });
    held.view = { ...held.view, muted: on };
    this.#tell(held);
  }

  dtmf(tone: Tone): void {
    if (this.#held?.view.state === 'talking') this.#held.rtc.sendDTMF(tone, { transportType: JsSIP.C.DTMF_TRANSPORT.RFC2833, duration: 160 });
  }

  speaker(device: string): void {
    void this.#ear.setSinkId?.(device).catch(() => undefined);
  }

  /** A headset was plugged in during the call: its track takes the place of the old one. */
  replaceMicrophone(stream: MediaStream): void {
    const track = stream.getAudioTracks()[0];
    const sender = this.#held?.rtc.connection?.getSenders().find((one) => one.track?.kind === 'audio');
    if (track && sender) void sender.replaceTrack(track).catch(() => undefined);
  }

  listen(listener: (event: PhoneEvent) => void): () => void {
    return this.#listeners.add(listener);
  }

  // ---- registration ---------------------------------------------------------------------------------------------------

  /** The old account is dead already: take its socket down without a word, and leave a live call's media alone. */
  #retire(): void {
    const old = this.#ua;
    this.#ua = null;
    if (!old) return;
    if (this.#held) this.#end(this.#held, 'failed');
    old.stop();
  }

  #registration(state: 'connecting' | 'registered' | 'failed' | 'off', code: number | null): void {
    this.#listeners.tell({ type: 'registration', state, code });
  }

  /** After a new socket Asterisk would send its BYE to the old one. UPDATE without SDP makes the address known, without a gap in the audio. */
  #registered(): void {
    this.#registration('registered', null);
    const rtc = this.#held?.rtc;
    if (rtc?.isEstablished()) (rtc as unknown as InDialog).sendRequest('UPDATE', { extraHeaders: [`Contact: ${rtc.contact}`] });
  }

  // ---- one session ----------------------------------------------------------------------------------------------------

  #incoming(rtc: RTCSession, request: IncomingRequest): void {
    const how = request.getHeader('X-CTI-Answer') ?? '';
    const automatic = AUTOMATIC.has(how);
    if (this.#held && !automatic) {
      rtc.terminate({ status_code: 486 });
      return;
    }
    // The first leg's BYE never came (its socket was gone): end it here, or two calls would be heard.
    if (this.#held) this.#endOlder(this.#held);
    const held: Held = {
      rtc,
      view: {
        id: rtc.id,
        call: request.getHeader('X-CTI-Call') ?? null,
        offer: request.getHeader('X-CTI-Offer') ?? null,
        from: request.from.uri.user ?? '',
        state: 'ringing',
        muted: false,
        connected: false,
        automatic,
        since: Date.now(),
      },
    };
    this.#held = held;
    this.#attend(held, request);
    if (automatic) this.answer();
    else this.#tell(held);
  }

  #endOlder(older: Held): void {
    this.#end(older, 'ended');
    if (!older.rtc.isEnded()) older.rtc.terminate();
  }

  #attend(held: Held, request: IncomingRequest): void {
    const { rtc } = held;
    rtc.on('peerconnection', ({ peerconnection }) => this.#watch(held, peerconnection));
    // One host candidate is enough; waiting for the end of gathering costs 120 ms, or the call when STUN is dead.
    rtc.on('icecandidate', ({ candidate, ready }) => {
      if (suffices(candidate, request.body)) ready();
    });
    rtc.on('accepted', () => this.#step(held, 'accepted'));
    rtc.on('confirmed', () => this.#step(held, 'confirmed'));
    rtc.on('ended', () => this.#end(held, 'ended'));
    rtc.on('failed', () => this.#end(held, 'failed'));
  }

  #watch(held: Held, peer: RTCPeerConnection): void {
    peer.addEventListener('track', (event) => {
      this.#ear.srcObject = new MediaStream([event.track]);
      void this.#ear.play().catch(() => undefined);
    });
    // JsSIP watches iceConnectionState only and would keep a dead session for ever.
    peer.addEventListener('connectionstatechange', () => {
      if (peer.connectionState === 'failed' && !held.rtc.isEnded()) held.rtc.terminate();
      if (peer.connectionState === 'connected') this.#connected(held);
    });
    this.#counts = null;
    this.#stopStats();
    this.#stats = setInterval(() => void this.#measure(peer), STATS_MS);
  }

  #connected(held: Held): void {
    held.view = { ...held.view, connected: true };
    this.#tell(held);
  }

  async #measure(peer: RTCPeerConnection): Promise<void> {
    if (peer.connectionState === 'closed') return;
    const { quality, counts } = qualityOf(await peer.getStats(), this.#counts);
    this.#counts = counts;
    if (this.#held) this.#listeners.tell({ type: 'quality', quality });
  }

  #step(held: Held, event: SessionEvent): void {
    held.view = { ...held.view, state: next(held.view.state, event) };
    this.#tell(held);
  }

  #end(held: Held, event: 'ended' | 'failed'): void {
    if (this.#held !== held) return;
    this.#held = null;
    this.#stopStats();
    this.#ear.srcObject = null;
    held.view = { ...held.view, state: next(held.view.state, event) };
    this.#listeners.tell({ type: 'session', session: null });
  }

  #tell(held: Held): void {
    if (this.#held === held) this.#listeners.tell({ type: 'session', session: held.view });
  }

  #stopStats(): void {
    if (this.#stats !== null) clearInterval(this.#stats);
    this.#stats = null;
  }
}
