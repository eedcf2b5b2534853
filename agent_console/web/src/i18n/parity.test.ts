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
});
