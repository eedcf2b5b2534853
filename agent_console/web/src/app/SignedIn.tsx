import { Button } from '@mantine/core';
import type { QueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { Navigate, Outlet, useLocation } from 'react-router';
import { ApiError } from '@/api/errors';
import { useSession } from '@/api/queries';
import { EmptyState } from '@/ui';
import { cameFrom } from './came_from';
import { startWork } from './work';

/** Everything behind the log-in: one session, one live line, one softphone for as long as the page lives. */
export function SignedIn({ queries }: { readonly queries: QueryClient }) {
  const { t } = useTranslation();
  const session = useSession();
  const location = useLocation();
  const known = session.data;

  useEffect(() => {
    if (known) startWork(known, queries);
  }, [known, queries]);

  // A session that ends in the middle of work leaves the page as it is, with an alarm (shell/Alarms): nothing typed is lost.
  if (!known && session.error instanceof ApiError && session.error.status === 401) {
    return <Navigate to="/login" replace state={cameFrom(location)} />;
  }
  if (session.error && !known) {
    return (
      <EmptyState icon="unlink" action={<Button onClick={() => void session.refetch()}>{t('retry')}</Button>}>
        {t('errors.server_away')}
      </EmptyState>
    );
  }
  return known ? <Outlet /> : null;
}
