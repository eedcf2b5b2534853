/** Who wants to hear of it. */
export class Listeners<E> {
  readonly #all = new Set<(event: E) => void>();

  add(listener: (event: E) => void): () => void {
    this.#all.add(listener);
    return () => this.#all.delete(listener);
  }

  tell(event: E): void {
    for (const listener of this.#all) listener(event);
  }
}
