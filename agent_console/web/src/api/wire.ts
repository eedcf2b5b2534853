/** What all of docs/protocol.md is made of. Times are ISO 8601 UTC; the page formats them. */

export type Language = 'zh' | 'en';
export type Direction = 'in' | 'out';
export type Iso = string;

export interface Coded {
  readonly code: string;
  readonly params: Readonly<Record<string, string | number | readonly string[]>>;
}

export interface Page<T> {
  readonly items: readonly T[];
  readonly next: string | null;
}
