/** Canned sentences: "/1" at the end of what is typed becomes the phrase. Pure. */

export const PHRASES = ['1', '2', '3', '4', '5'] as const;

export function expandPhrase(text: string, phrase: (n: string) => string): string {
  return text.replace(/(^|[\s，。；,.;])\/([1-5])$/, (_all, before: string, n: string) => `${before}${phrase(n)}`);
}
