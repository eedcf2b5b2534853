import { describe, expect, it } from 'vitest';
import { suffices } from './candidates';

const OFFER = ['v=0', 'm=audio 23478 UDP/TLS/RTP/SAVPF 107', 'a=candidate:H7f000001 1 udp 2130706431 192.0.2.9 23478 typ host', ''].join('\r\n');
const candidate = (protocol: RTCIceProtocol, address: string | null) => ({ protocol, address });

describe('the answer goes out with', () => {
  it('the first UDP candidate of a family that the switch offered', () => {
    expect(suffices(candidate('udp', '192.0.2.2'), OFFER)).toBe(true);
  });

  it('no TCP candidate alone, which a busy machine gathers first', () => {
    expect(suffices(candidate('tcp', '192.0.2.2'), OFFER)).toBe(false);
  });

  it('no IPv6 candidate alone to a switch that has none', () => {
    expect(suffices(candidate('udp', 'fd00::2'), OFFER)).toBe(false);
    expect(suffices(candidate('udp', 'fd00::2'), `${OFFER}a=candidate:1 1 UDP 1 fd00::9 23478 typ host\r\n`)).toBe(true);
  });

  it('no masked name, which the switch cannot look up', () => {
    expect(suffices(candidate('udp', '3f2c.local'), OFFER)).toBe(false);
    expect(suffices(candidate('udp', null), OFFER)).toBe(false);
  });

  it('any UDP candidate when the switch named none', () => {
    expect(suffices(candidate('udp', '192.0.2.2'), 'v=0\r\n')).toBe(true);
  });
});
