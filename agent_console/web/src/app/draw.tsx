/** What is seen: React, Mantine and the pages. Loaded by main.ts, after the line where a caller waits. */
import '@mantine/core/styles.css';
import '@/theme/tokens.css';
import '@/theme/base.css';
import type { QueryClient } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './App';

export function draw(queries: QueryClient): void {
  const root = document.getElementById('root');
  if (!root) throw new Error('index.html has no #root');
  createRoot(root).render(
    <StrictMode>
      <App queries={queries} />
    </StrictMode>,
  );
}
