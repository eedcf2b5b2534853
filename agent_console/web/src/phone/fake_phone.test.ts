import { beforeEach, describe, expect, it } from 'vitest';
import { FakePhone } from './fake_phone';
import type { PhoneEvent, PhoneSession } from './phone';

let phone: FakePhone;
let events: PhoneEvent[];
const session = (): PhoneSession | null => events.filter((event) => event.type === 'session').at(-1)?.session ?? null;

beforeEach(() => {
  phone = new FakePhone(new EventTarget());
  events = [];
  phone.listen((event) => events.push(event));
  phone.register({ endpoint: 'w1', secret: 's', uri: 'fake:w1' });
});

describe('a phone', () => {
  it('is registered after it was asked to', () => {
    expect(events.at(-1)).toMatchObject({ type: 'registration', state: 'registered' });
  });

  it('rings, is answered and ends', () => {
    phone.outside({ do: 'ring', call: 'call-1' });
    expect(session()).toMatchObject({ state: 'ringing', call: 'call-1' });
    phone.answer();
    expect(session()).toMatchObject({ state: 'talking' });
    phone.hangUp();
    expect(session()).toBeNull();
  });

  it('answers by itself when the core brings the agent back', () => {
    phone.outside({ do: 'ring', call: 'call-1', how: 'resume' });
    expect(session()).toMatchObject({ state: 'talking', automatic: true });
  });

  it('has one call in hand: a second ring changes nothing', () => {
    phone.outside({ do: 'ring', call: 'call-1' });
    phone.outside({ do: 'ring', call: 'call-2' });
    expect(session()?.call).toBe('call-1');
  });

  it('gives up the older call for one the core brings', () => {
    phone.outside({ do: 'ring', call: 'call-1' });
    phone.answer();
    phone.outside({ do: 'ring', call: 'call-1', how: 'resume' });
    expect(session()).toMatchObject({ state: 'talking', automatic: true });
  });

  it('stops ringing when the caller gives up', () => {
    phone.outside({ do: 'ring', call: 'call-1' });
    phone.outside({ do: 'end' });
    expect(session()).toBeNull();
  });

  it('mutes only a call', () => {
    phone.mute(true);
    expect(session()).toBeNull();
    phone.outside({ do: 'ring', call: 'call-1' });
    phone.answer();
    phone.mute(true);
    expect(session()?.muted).toBe(true);
  });

  it('sends tones only while talking', () => {
    phone.dtmf('5');
    phone.outside({ do: 'ring', call: 'call-1' });
    phone.dtmf('5');
    phone.answer();
    phone.dtmf('#');
    expect(phone.tones).toEqual(['#']);
  });

  it('does not ring without a line', () => {
    phone.outside({ do: 'lose' });
    phone.outside({ do: 'ring', call: 'call-1' });
    expect(session()).toBeNull();
  });
});
