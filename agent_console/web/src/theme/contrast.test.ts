/** Every text colour is readable on its own ground, on the surface and on the page, in both schemes. */
import { describe, expect, it } from 'vitest';
import text from './tokens.css?raw';

const [lightText = '', darkText = ''] = text.split("[data-mantine-color-scheme='dark']");
const read = (css: string) => Object.fromEntries([...css.matchAll(/--([\w-]+): (#[0-9a-f]{6});/g)].map((match) => [match[1] ?? '', match[2] ?? '']));
const light = read(lightText);
const schemes = { light, dark: { ...light, ...read(darkText) } };

function luminance(colour: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((i) => {
    const c = Number.parseInt(colour.slice(i, i + 2), 16) / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(one: string, two: string): number {
  const [low = 0, high = 0] = [luminance(one), luminance(two)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}

describe.each(Object.entries(schemes))('the %s tokens', (_name, table) => {
  const colour = (name: string) => table[name] ?? '#000000';
  const texts = Object.keys(table).filter((name) => name.endsWith('-fg') || ['ink', 'ink-2', 'ink-3', 'accent', 'bronze', 'danger'].includes(name));

  it.each(texts)('let %s be read on every ground it stands on', (name) => {
    const own = name.endsWith('-fg') ? name.replace('-fg', '-bg') : `${name}-bg`;
    const grounds = [own in table ? own : 'surface', 'surface', 'bg', ...(name.startsWith('ink') ? ['accent-bg', 'hover', 'sunken'] : [])];
    for (const ground of grounds) expect([ground, contrast(colour(name), colour(ground)) >= 4.5]).toEqual([ground, true]);
  });

  it.each(['accent', 'bronze', 'danger'])('let words be read on a filled %s', (name) => {
    expect(contrast(colour(`on-${name}`), colour(name))).toBeGreaterThanOrEqual(4.5);
  });
});
