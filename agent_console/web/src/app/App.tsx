import { MantineProvider } from '@mantine/core';
import { QueryClientProvider, type QueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { RouterProvider } from 'react-router';
import { cssVariables, theme } from '@/theme/theme';
import { useDisplay } from './display';
import { makeRouter } from './routes';

/** Mantine writes <style> elements of its own; the server's policy lets in those that carry the page's nonce. */
const styleNonce = (): string => document.querySelector<HTMLMetaElement>('meta[property=csp-nonce]')?.nonce ?? '';

export function App({ queries }: { readonly queries: QueryClient }) {
  const scheme = useDisplay((s) => s.scheme);
  const [router] = useState(() => makeRouter(queries));
  return (
    <MantineProvider theme={theme} cssVariablesResolver={cssVariables} forceColorScheme={scheme} getStyleNonce={styleNonce}>
      <QueryClientProvider client={queries}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </MantineProvider>
  );
}
