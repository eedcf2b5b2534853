import { describe, expect, it } from 'vitest';
import { SILENT_MS, shouldReload } from './watchdog';

describe('the watchdog of the wallboard', () => {
  it('leaves a page alone that hears the server', () => {
    expect(shouldReload(100_000, 0, 100_500)).toBe(false);
  });

  it('reloads a page that heard nothing for a minute', () => {
    expect(shouldReload(100_000, 0, 100_001 + SILENT_MS)).toBe(true);
  });

  it('gives a page that has just started its minute', () => {
    expect(shouldReload(0, 500_000, 510_000)).toBe(false);
    expect(shouldReload(0, 500_000, 500_001 + SILENT_MS)).toBe(true);
  });
});
