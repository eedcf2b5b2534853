/** A small line of recent samples, decoration beside the figure itself. */
interface SparkProps {
  readonly values: readonly number[];
  readonly width: number;
  readonly height: number;
}

/** The line's path; a flat zero line while there is a single sample. */
export function sparkPath(values: readonly number[], width: number, height: number): string {
  const top = Math.max(6, ...values);
  const points = values.length > 1 ? values : [values[0] ?? 0, values[0] ?? 0];
  const x = (i: number) => (1 + (i / (points.length - 1)) * (width - 2)).toFixed(1);
  const y = (v: number) => (height - 1 - (v / top) * (height - 2)).toFixed(1);
  return `M${points.map((v, i) => `${x(i)} ${y(v)}`).join('L')}`;
}

export function Spark({ values, width, height }: SparkProps) {
  return (
    <svg width={width} height={height} viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" aria-hidden>
      <path d={sparkPath(values, width, height)} fill="none" stroke="var(--ink-3)" strokeWidth={1.5} vectorEffect="non-scaling-stroke" />
    </svg>
  );
}
