import { describe, expect, it } from 'vitest';
import { checkResult, mayStart, verdicts, type Measured } from './verdict';

const fine: Measured = { microphone: 'ready', peak: 0.5, speakerHeard: true, sameRinger: false, unlocked: true, registration: 'registered', rttMs: [30, 20, 28] };

describe('the check before a shift', () => {
  it('passes when everything does', () => {
    expect(verdicts(fine)).toEqual({ microphone: 'ok', speaker: 'ok', ringer: 'ok', autoplay: 'ok', sip: 'ok', rtt: 'ok' });
    expect(mayStart(verdicts(fine))).toBe(true);
  });

  it.each<[string, Partial<Measured>]>([
    ['the microphone is denied', { microphone: 'denied' }],
    ['the speaker was not heard', { speakerHeard: false }],
    ['the line is not registered', { registration: 'connecting' }],
    ['the line failed', { registration: 'failed' }],
  ])('keeps the shift from starting when %s', (_what, over) => {
    expect(mayStart(verdicts({ ...fine, ...over }))).toBe(false);
  });

  it.each<[string, Partial<Measured>]>([
    ['the bell rings in the headset', { sameRinger: true }],
    ['nothing was said yet', { peak: 0 }],
    ['nobody confirmed the tone', { speakerHeard: null }],
    ['the round trip is long', { rttMs: [400] }],
  ])('only suggests when %s', (_what, over) => {
    expect(mayStart(verdicts({ ...fine, ...over }))).toBe(true);
  });

  it('is kept as it was measured', () => {
    expect(checkResult(fine)).toMatchObject({ microphone: true, speaker: true, ringer: true, autoplay: true, sip: true, rtt_ms: 28, rtt_worst_ms: 30 });
  });
});
