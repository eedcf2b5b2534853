import { describe, expect, it } from 'vitest';
import { bars, nextSpeech, normalised, readPeaks, silentAt } from './peaks';

const TWO = { seconds: 4, per_second: 1, channels: [[0, 255, 0, 0], [0, 0, 0, 128]] };

describe('peaks of a recording', () => {
  it('are refused when they are not peaks', () => {
    for (const junk of [null, 7, {}, { seconds: 0, per_second: 1, channels: [[1]] }, { seconds: 1, per_second: 1, channels: [] }]) {
      expect(readPeaks(junk)).toBeNull();
    }
  });

  it('are clamped to the scale when a sample is out of it', () => {
    expect(readPeaks({ seconds: 1, per_second: 3, channels: [[-4, 900, 'x']] })?.channels).toEqual([[0, 255, 0]]);
  });

  it('keep the loudest sample of each bar', () => {
    expect(bars([10, 255, 0, 51], 2)).toEqual([1, 0.2]);
  });

  it('draw more bars than samples by repeating them', () => {
    expect(bars([255, 0], 4)).toEqual([1, 1, 0, 0]);
  });

  it('draw one channel on both sides when the other is missing', () => {
    expect(normalised({ seconds: 1, per_second: 1, channels: [[255]] })).toEqual([[1], [1]]);
  });

  it('know where nobody speaks', () => {
    expect(silentAt(TWO, 0.5)).toBe(true);
    expect(silentAt(TWO, 1.2)).toBe(false);
  });

  it('find the next word, and the end when there is none', () => {
    expect(nextSpeech(TWO, 2)).toBe(3);
    expect(nextSpeech({ ...TWO, channels: [[0, 0, 0, 0]] }, 1)).toBe(4);
  });
});
