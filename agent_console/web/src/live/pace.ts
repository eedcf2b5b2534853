/** What comes together is drawn together. An offer is a delta, a pop and, a moment later, the line's INVITE: drawn one by one, each
 *  drawing would keep the next waiting, and the bell would ring after the picture instead of before it. */

export class Pace<T> {
  #waiting: T[] = [];
  #timer: ReturnType<typeof setTimeout> | null = null;

  /** `draw` gets what came, in order; `ms` is the longest that anything waits. */
  constructor(
    private readonly draw: (together: readonly T[]) => void,
    private readonly ms: number,
  ) {}

  /** With what comes within `ms`. */
  soon(one: T): void {
    this.#waiting.push(one);
    this.#timer ??= setTimeout(() => this.now(), this.ms);
  }

  /** What waits, and this. */
  now(...more: readonly T[]): void {
    const together = [...this.#waiting, ...more];
    this.drop();
    if (together.length > 0) this.draw(together);
  }

  drop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#waiting = [];
  }
}
