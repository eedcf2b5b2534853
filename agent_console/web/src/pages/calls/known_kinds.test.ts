/** The core's list of fact kinds and this page's words for them: a new kind without words is found here, not by a supervisor. */
import { expect, it } from 'vitest';
import { KNOWN_KINDS } from './fact_words';

const sources = import.meta.glob<string>('../../../../../cti/calls/facts.py', { eager: true, query: '?raw', import: 'default' });

it('every kind of fact the core writes has words', () => {
  const [source = ''] = Object.values(sources);
  const kinds = [...source.matchAll(/^ {4}[A-Z_]+ = "([a-z_.]+)"/gm)].map((match) => match[1] ?? '');
  expect(kinds.length).toBeGreaterThan(20);
  expect(kinds.filter((kind) => !KNOWN_KINDS.includes(kind))).toEqual([]);
});
