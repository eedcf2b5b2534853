/** The routes. Every page is a folder under src/pages with a default export, loaded when it is first opened:
 *  `index.tsx` is the list or the page itself, `one.tsx` (…/:id) one record of it. */
import type { QueryClient } from '@tanstack/react-query';
import { lazy, Suspense, type ComponentType, type ReactNode } from 'react';
import { createBrowserRouter, Navigate } from 'react-router';
import { Shell } from '@/shell/Shell';
import { Home } from './Home';
import { NotBuilt } from './NotBuilt';
import { SignedIn } from './SignedIn';

const files = import.meta.glob<{ default: ComponentType }>('../pages/*/{index,one}.tsx');

function page(folder: string, file: 'index' | 'one' = 'index'): ReactNode {
  const load = files[`../pages/${folder}/${file}.tsx`];
  const Page = load ? lazy(load) : NotBuilt;
  return (
    <Suspense fallback={null}>
      <Page />
    </Suspense>
  );
}

const IN_SHELL = ['desk', 'hotline', 'board', 'calls', 'owners', 'tickets', 'callbacks'] as const;
const WITH_ONE = ['calls', 'owners', 'tickets'] as const;

export function makeRouter(queries: QueryClient) {
  return createBrowserRouter([
    { path: '/login', element: page('login') },
    { path: '/setup', element: page('setup') },
    {
      element: <SignedIn queries={queries} />,
      children: [
        { path: '/check', element: page('check') },
        { path: '/wallboard', element: page('wallboard') },
        {
          path: '/',
          element: <Shell />,
          children: [
            { index: true, element: <Home /> },
            ...IN_SHELL.map((folder) => ({ path: folder, element: page(folder) })),
            ...WITH_ONE.map((folder) => ({ path: `${folder}/:id`, element: page(folder, 'one') })),
          ],
        },
      ],
    },
    { path: '*', element: <Navigate to="/" replace /> },
  ]);
}
