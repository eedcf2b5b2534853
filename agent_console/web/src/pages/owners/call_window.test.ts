import { describe, expect, it } from 'vitest';
import { clockOf, localTime, WINDOW, zoneOf } from './call_window';

describe("the owner's local time", () => {
  it('follows from the country of the number', () => {
    expect([zoneOf('+8613800000101'), zoneOf('+85200000101'), zoneOf('+493000000101')]).toEqual(['Asia/Shanghai', 'Asia/Hong_Kong', 'Europe/Berlin']);
  });

  it('is not guessed for a country of many zones', () => {
    expect(localTime('+12125550101', Date.UTC(2026, 10, 23))).toBeNull();
  });

  it('opens the window at eight and closes it at twenty', () => {
    const at = (utcHour: number, minute = 0) => localTime('+8613800000101', Date.UTC(2026, 10, 23, utcHour, minute));
    expect([at(6, 32)?.text, at(6, 32)?.mayCall]).toEqual(['14:32', true]);
    expect([at(11, 59)?.mayCall, at(12)?.mayCall, at(23, 59)?.mayCall, at(0)?.mayCall]).toEqual([true, false, false, true]);
  });

  it('writes the window as clock times', () => {
    expect([clockOf(WINDOW.from), clockOf(WINDOW.to)]).toEqual(['08:00', '20:00']);
  });
});
