import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

const api = process.env.CARILLON_API ?? 'http://127.0.0.1:8800';

/** The phone and the big libraries get chunks of their own: they change seldom and have budgets (scripts/budget.mjs). What the
 *  line needs ("base") is apart from what draws: main.ts starts the one before the other is even read. */
const CHUNKS: readonly (readonly [string, RegExp])[] = [
  ['phone', /node_modules\/(jssip|sdp-transform|debug|ms|events)\//],
  ['base', /node_modules\/(react|zustand|@tanstack\/(query-core|react-query)|i18next|react-i18next|use-sync-external-store)\//],
  ['react', /node_modules\/(react-dom|scheduler|react-router)\//],
  ['mantine', /node_modules\/(@mantine|@floating-ui)\//],
];

export default defineConfig({
  plugins: [react()],
  // The api puts a fresh nonce in its place with every page (agent_console/server/console_files.py): for <style> elements only.
  html: { cspNonce: '__STYLE_NONCE__' },
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  build: {
    outDir: process.env.CARILLON_WEB_OUT ?? 'dist',
    emptyOutDir: true,
    target: 'es2023',
    chunkSizeWarningLimit: 700,
    manifest: 'manifest.json',
    rolldownOptions: {
      output: {
        codeSplitting: { groups: CHUNKS.map(([name, test]) => ({ name, test })) },
      },
    },
  },
  server: {
    proxy: {
      '/api': { target: api, ws: true },
      '/sip': { target: api, ws: true },
    },
  },
  test: {
    // Tests of components say `// @vitest-environment happy-dom` themselves: most tests are of pure functions.
    environment: 'node',
    pool: 'threads',
    setupFiles: ['src/test_setup.ts'],
    include: ['src/**/*.test.{ts,tsx}'],
    css: true,
    testTimeout: 30_000,
    hookTimeout: 30_000,
  },
});
