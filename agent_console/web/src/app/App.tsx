import { MantineProvider } from '@mantine/core';
import { QueryClientProvider } from '@tanstack/react-query';
import { useState } from 'react';
import { RouterProvider } from 'react-router';
import { makeQueryClient } from '@/api/queries';
import { cssVariables, theme } from '@/theme/theme';
import { useDisplay } from './display';
import { makeRouter } from './routes';

export function App() {
  const scheme = useDisplay((s) => s.scheme);
  const [queries] = useState(makeQueryClient);
  const [router] = useState(() => makeRouter(queries));
  return (
    <MantineProvider theme={theme} cssVariablesResolver={cssVariables} forceColorScheme={scheme}>
      <QueryClientProvider client={queries}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </MantineProvider>
  );
}
