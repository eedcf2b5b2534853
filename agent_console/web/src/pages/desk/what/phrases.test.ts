import { describe, expect, it } from 'vitest';
import { expandPhrase } from './phrases';

const phrase = (n: string) => `<${n}>`;

describe('a phrase', () => {
  it('takes the place of its number at the end', () => {
    expect(expandPhrase('/1', phrase)).toBe('<1>');
    expect(expandPhrase('dark. /2', phrase)).toBe('dark. <2>');
    expect(expandPhrase('黑屏。/3', phrase)).toBe('黑屏。<3>');
  });

  it('leaves dates and fractions alone', () => {
    expect(expandPhrase('on 11/2', phrase)).toBe('on 11/2');
    expect(expandPhrase('/9', phrase)).toBe('/9');
  });
});
