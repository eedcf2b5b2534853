import { MantineProvider } from '@mantine/core';
import { QueryClientProvider, type QueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { RouterProvider } from 'react-router';
import { cssVariables, theme } from '@/theme/theme';
import { useDisplay } from './display';
import { makeRouter } from './routes';

export function App({ queries }: { readonly queries: QueryClient }) {
  const scheme = useDisplay((s) => s.scheme);
  const [router] = useState(() => makeRouter(queries));
  return (
    <MantineProvider theme={theme} cssVariablesResolver={cssVariables} forceColorScheme={scheme}>
      <QueryClientProvider client={queries}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </MantineProvider>
  );
}
