/* Budgets of the console (gzip, kB): what the line needs before anything is drawn, what a first visit loads, and the phone. Fails the build when one is broken. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

const out = process.env.CARILLON_WEB_OUT ?? 'dist';
const manifest = JSON.parse(readFileSync(join(out, 'manifest.json'), 'utf8'));
const size = (file) => gzipSync(readFileSync(join(out, file))).length / 1024;

const firstLoad = (key, seen = new Set()) => {
  if (!seen.has(key)) {
    seen.add(key);
    for (const next of manifest[key].imports ?? []) firstLoad(next, seen);
  }
  return seen;
};

const files = (keys) => [...new Set([...keys].map((key) => manifest[key].file))].filter((file) => file.endsWith('.js'));
const total = (keys) => files(keys).reduce((sum, file) => sum + size(file), 0);
const named = (name) => Object.keys(manifest).filter((key) => manifest[key].name === name && manifest[key].file.endsWith('.js'));

const rows = [
  ['line', total(firstLoad('index.html')), 60],
  ['first load', total(firstLoad('src/app/draw.tsx', firstLoad('index.html'))), 260],
  ['phone', total(named('phone')), 70],
];
for (const [name, kb, limit] of rows) console.log(`budget  ${name.padEnd(12)} ${kb.toFixed(1).padStart(6)} kB gz of ${limit}`);
const broken = rows.filter(([, kb, limit]) => kb > limit);
if (broken.length) {
  console.error(`over budget: ${broken.map(([name]) => name).join(', ')}`);
  process.exit(1);
}
