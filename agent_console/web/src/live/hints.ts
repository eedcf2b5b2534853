/** What the server says has changed, and which queries show it. A burst of hints asks once. */
import type { QueryClient } from '@tanstack/react-query';
import type { HintResource } from './messages';

/** Resources of a hint and the queries that show them. */
const SHOWN_BY: Readonly<Record<HintResource, readonly string[]>> = {
  tickets: ['tickets', 'owners'],
  owners: ['owners'],
  callbacks: ['callbacks', 'owners'],
  'task-sheets': ['task-sheets', 'tickets'],
};

const GATHER_MS = 300;

export class Hints {
  readonly #stale = new Set<string>();
  #timer: ReturnType<typeof setTimeout> | null = null;

  constructor(private readonly queries: Pick<QueryClient, 'invalidateQueries'>) {}

  /** Something of this resource has changed. */
  of(resource: HintResource): void {
    this.#add(SHOWN_BY[resource]);
  }

  /** The line was down: whatever was hinted meanwhile was said to nobody. */
  missed(): void {
    this.#add(Object.values(SHOWN_BY).flat());
  }

  drop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#stale.clear();
  }

  #add(keys: readonly string[] | undefined): void {
    for (const key of keys ?? []) this.#stale.add(key);
    this.#timer ??= setTimeout(() => this.#ask(), GATHER_MS);
  }

  #ask(): void {
    const keys = [...this.#stale];
    this.drop();
    for (const key of keys) void this.queries.invalidateQueries({ queryKey: [key] });
  }
}
