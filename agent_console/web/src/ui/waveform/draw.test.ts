import { describe, expect, it } from 'vitest';
import { drawTwoSides } from './draw';

function pen() {
  const rects: { colour: string; x: number; y: number; h: number }[] = [];
  return {
    rects,
    fillStyle: '' as string | CanvasGradient | CanvasPattern,
    fillRect(x: number, y: number, _w: number, h: number) {
      rects.push({ colour: typeof this.fillStyle === 'string' ? this.fillStyle : '', x, y, h });
    },
  };
}
const INK = { above: 'bronze', below: 'blue', line: 'grey' };

describe('the waveform', () => {
  it('draws the owner above the line and the agent side below', () => {
    const p = pen();
    drawTwoSides(p, 6, 42, [[1, 0], [0, 0.5]], INK);
    expect(p.rects.filter((r) => r.colour === 'bronze')).toEqual([{ colour: 'bronze', x: 0, y: 1, h: 19 }]);
    expect(p.rects.filter((r) => r.colour === 'blue')).toEqual([{ colour: 'blue', x: 3, y: 22, h: 9.5 }]);
  });

  it('draws nothing but the line where it is silent', () => {
    const p = pen();
    drawTwoSides(p, 30, 40, [[0, 0], [0, 0]], INK);
    expect(p.rects.map((r) => r.colour)).toEqual(['grey']);
  });

  it('never draws beyond its height', () => {
    const p = pen();
    drawTwoSides(p, 30, 40, [[1], [1]], INK);
    for (const rect of p.rects) expect(rect.y >= 0 && rect.y + rect.h <= 40).toBe(true);
  });
});
