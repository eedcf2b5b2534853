/** Draws both sides of a recording: the owner above the line, the agent side below. */

export interface Colours {
  readonly above: string;
  readonly below: string;
  readonly line: string;
}

const BAR = 2;
const GAP = 1;

/** The colours of the current scheme, from the tokens. */
export function colours(element: Element): Colours {
  const style = getComputedStyle(element);
  const of = (name: string): string => style.getPropertyValue(name).trim() || 'currentColor';
  return { above: of('--ch-owner'), below: of('--ch-agent'), line: of('--line-strong') };
}

/** The part of a canvas context this file uses. */
export interface Pen {
  fillStyle: string | CanvasGradient | CanvasPattern;
  fillRect(x: number, y: number, w: number, h: number): void;
}

function loudest(samples: ArrayLike<number>, from: number, to: number): number {
  let max = 0;
  for (let i = from; i < to; i += 1) max = Math.max(max, Math.abs(samples[i] ?? 0));
  return max;
}

/** Bars of `BAR` pixels; each is the loudest sample under it, so that no word is lost between two bars. */
export function drawTwoSides(pen: Pen, width: number, height: number, sides: readonly ArrayLike<number>[], ink: Colours, scale = 1): void {
  const half = height / 2;
  const step = (BAR + GAP) * scale;
  const count = Math.floor(width / step);
  pen.fillStyle = ink.line;
  pen.fillRect(0, half - 0.5, width, 1);
  sides.slice(0, 2).forEach((samples, side) => {
    pen.fillStyle = side === 0 ? ink.above : ink.below;
    for (let i = 0; i < count; i += 1) {
      const from = Math.floor((i * samples.length) / count);
      const to = Math.max(from + 1, Math.floor(((i + 1) * samples.length) / count));
      const tall = loudest(samples, from, to) * (half - 2);
      if (tall >= 0.5) pen.fillRect(i * step, side === 0 ? half - 1 - tall : half + 1, BAR * scale, tall);
    }
  });
}
