/** The mark, drawn large: a row of bells on one beam, each a little smaller, with its rows of bosses. Pure geometry. */

export interface Bell {
  readonly path: string;
  readonly bosses: readonly (readonly [number, number, number])[];
}

const SHRINK = 0.86;
const round = (n: number): number => Math.round(n * 10) / 10;

function bell(left: number, k: number): Bell {
  const width = 74 * k;
  const height = 210 * k;
  const shoulder = width * 0.3;
  const middle = left + width / 2;
  const top = 18 + 18 * k;
  const foot = 18 + height;
  const hook = `M${round(middle - 5 * k)} 18v${round(18 * k)}h${round(10 * k)}v${round(-18 * k)}`;
  const body = `M${round(middle - shoulder)} ${round(top)}h${round(2 * shoulder)}L${round(middle + width / 2)} ${round(foot)}Q${round(middle)} ${round(foot - 26 * k)} ${round(middle - width / 2)} ${round(foot)}z`;
  const bosses = [0, 1, 2].flatMap((row) =>
    [-2, -1, 1, 2].map((place) => [round(middle + place * shoulder * (0.36 + row * 0.05)), round(18 + height * (0.26 + row * 0.11)), round(2.6 * k)] as const),
  );
  return { path: hook + body, bosses };
}

export function bells(count: number): Bell[] {
  let left = 48;
  return Array.from({ length: count }, (_, index) => {
    const k = SHRINK ** index;
    const one = bell(left, k);
    left += 74 * k + 16 * k;
    return one;
  });
}
