/** What every component of the console stands in, for tests: texts in a language, a session, Mantine, a router. */
import { MantineProvider } from '@mantine/core';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import i18next from 'i18next';
import { Suspense, type ReactNode } from 'react';
import { MemoryRouter } from 'react-router';
import type { Session } from '@/api/session';
import { startI18n, type UiLanguage } from '@/i18n';

const session = (login: string): Session => ({
  user: { id: `u-${login}`, login, name: login, role: 'agent', team: 'a', language: 'zh' },
  agent: { id: 'agt-1024', number: '1024' },
  csrf: 'x',
  demo: false,
});

export async function inLanguage(language: UiLanguage, ...namespaces: string[]): Promise<void> {
  if (!i18next.isInitialized) await startI18n(language);
  await i18next.loadNamespaces(['common', ...namespaces]);
  await i18next.changeLanguage(language);
}

/** Nothing is asked of a server: what is not given is not known. */
export function frame(login = 'linyue') {
  const queries = new QueryClient({ defaultOptions: { queries: { retry: false, enabled: false } } });
  queries.setQueryData(['session'], session(login));
  return function Frame({ children }: { readonly children: ReactNode }) {
    return (
      <QueryClientProvider client={queries}>
        <MantineProvider env="test">
          <MemoryRouter>
            <Suspense>{children}</Suspense>
          </MemoryRouter>
        </MantineProvider>
      </QueryClientProvider>
    );
  };
}
