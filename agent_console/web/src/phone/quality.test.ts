import { describe, expect, it } from 'vitest';
import { qualityOf } from './quality';

const inbound = (packetsReceived: number, packetsLost: number) => ({ type: 'inbound-rtp', kind: 'audio', packetsReceived, packetsLost, jitter: 0.004 });

describe('the quality of the line', () => {
  it('is the loss of the last interval, not of the whole call', () => {
    const first = qualityOf([inbound(900, 100)], null);
    expect(first.quality.lossPct).toBe(10);
    expect(qualityOf([inbound(1000, 100)], first.counts).quality.lossPct).toBe(0);
  });

  it("prefers the other side's round trip to the candidate pair's", () => {
    const pair = { type: 'candidate-pair', nominated: true, currentRoundTripTime: 0.05 };
    expect(qualityOf([inbound(1, 0), pair], null).quality.rttMs).toBe(50);
    expect(qualityOf([inbound(1, 0), pair, { type: 'remote-inbound-rtp', roundTripTime: 0.028 }], null).quality.rttMs).toBe(28);
  });

  it('is unknown before the first packet', () => {
    expect(qualityOf([], null).quality).toEqual({ rttMs: null, lossPct: null, jitterMs: null });
  });
});
