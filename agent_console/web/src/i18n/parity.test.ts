/** The two languages have the same keys, no empty text, the same parameters; every literal key used in the source exists. */
import { describe, expect, it } from 'vitest';

const texts = import.meta.glob<Record<string, unknown>>('./*/*.json', { eager: true, import: 'default' });
const sources = import.meta.glob<string>('../**/*.{ts,tsx}', { eager: true, query: '?raw', import: 'default' });

const PLURAL = /_(zero|one|two|few|many|other)$/;

function flat(value: unknown, prefix = ''): [string, string][] {
  if (typeof value === 'string') return [[prefix, value]];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, child]) => flat(child, prefix ? `${prefix}.${key}` : key));
}

const table = (language: string) =>
  new Map(
    Object.entries(texts)
      .filter(([file]) => file.startsWith(`./${language}/`))
      .map(([file, content]) => [file.slice(`./${language}/`.length, -'.json'.length), flat(content)] as const),
  );

const zh = table('zh-CN');
const en = table('en');
const keys = (entries: readonly [string, string][]) => [...new Set(entries.map(([key]) => key.replace(PLURAL, '')))].sort();
const params = (text: string) => [...text.matchAll(/{{\s*([\w.]+)/g)].map((match) => match[1]).filter((name) => name !== 'count').sort();

describe('the two languages', () => {
  it('have the same namespaces', () => {
    expect([...zh.keys()].sort()).toEqual([...en.keys()].sort());
  });

  it.each([...zh.keys()])('have the same keys in %s', (namespace) => {
    expect(keys(zh.get(namespace) ?? [])).toEqual(keys(en.get(namespace) ?? []));
  });

  it.each([...zh.keys()])('have no empty text in %s', (namespace) => {
    const all = [...(zh.get(namespace) ?? []), ...(en.get(namespace) ?? [])];
    expect(all.filter(([, text]) => text.trim() === '')).toEqual([]);
  });

  it.each([...zh.keys()])('use the same parameters in %s', (namespace) => {
    const english = new Map((en.get(namespace) ?? []).map(([key, text]) => [key.replace(PLURAL, ''), params(text)]));
    for (const [key, text] of zh.get(namespace) ?? []) expect([key, params(text)]).toEqual([key, english.get(key.replace(PLURAL, ''))]);
  });

  it('know every key written out in the source', () => {
    const known = new Set([...zh].flatMap(([namespace, entries]) => keys(entries).map((key) => `${namespace}:${key}`)));
    const missing = Object.entries(sources).flatMap(([file, source]) => {
      const home = /useTranslation\(\s*\[?'(\w+)'/.exec(source)?.[1] ?? 'common';
      return [...source.matchAll(/\bt\('([\w:.]+)'/g)]
        .map((match) => match[1] ?? '')
        .map((key) => (key.includes(':') ? key : `${home}:${key}`))
        .filter((key) => !known.has(key))
        .map((key) => `${file}: ${key}`);
    });
    expect(missing).toEqual([]);
  });

  it('have no key that nothing uses', () => {
    const read = Object.entries(sources).filter(([file]) => !file.includes('.test.')).map(([, source]) => readKeys(source));
    const unused = [...zh].flatMap(([namespace, entries]) => {
      const here = read.filter(({ homes }) => homes.length === 0 || homes.includes(namespace)).flatMap(({ patterns }) => patterns);
      const anywhere = read.flatMap(({ patterns }) => patterns);
      const uses = (key: string) => here.some((one) => one.test(key)) || anywhere.some((one) => one.test(`${namespace}:${key}`));
      return keys(entries).filter((key) => !uses(key) && !COMPOSED.test(`${namespace}:${key}`)).map((key) => `${namespace}:${key}`);
    });
    expect(unused).toEqual([]);
  });
});

/** Keys whose first part is itself a value: the groups of calls/fact_words.ts, the two empty lists of the callbacks. */
const COMPOSED = /^(calls:(outcome|holding|withdrawn|left|cause|status|language)|callbacks:(empty|empty_done))\./;

/** The namespaces a source speaks in, and what its strings and templates (`state.${x}`) could be as keys. */
function readKeys(source: string) {
  const homes = [...source.matchAll(/useTranslation\(([^)]*)\)/g)].flatMap(([, said = '']) => (said === '' ? ['common'] : [...said.matchAll(/'(\w+)'/g)].map((one) => one[1] ?? '')));
  const written = [...source.matchAll(/['"]([\w:.-]+)['"]/g)].map((one) => one[1] ?? '');
  const composed = [...source.matchAll(/`([\w:.]+[.:_][^`\n]*\$\{[^`\n]*)`/g)].map((one) => (one[1] ?? '').split(/\$\{[^}]*\}/));
  const plain = (text: string) => text.replaceAll(/[.-]/g, '\\$&');
  const patterns = [...new Set([...written.map(plain), ...composed.map((parts) => parts.map(plain).join('[\\w.-]+'))])];
  return { homes, patterns: patterns.filter((one) => /^[\w:.\\[\]+-]+$/.test(one)).map((one) => new RegExp(`^${one}$`)) };
}
