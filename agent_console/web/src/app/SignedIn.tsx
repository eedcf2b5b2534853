import { Button } from '@mantine/core';
import type { QueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { Navigate, Outlet, useLocation } from 'react-router';
import { onSignedOut, setCsrf } from '@/api/client';
import { ApiError } from '@/api/errors';
import { useSession } from '@/api/queries';
import { toUiLanguage } from '@/i18n';
import { startLive } from '@/live/store';
import { startPhone } from '@/phone/host';
import { EmptyState } from '@/ui';
import { displayOf, useDisplay } from './display';

/** Everything behind the log-in: one session, one live line, one softphone for as long as the page lives. */
export function SignedIn({ queries }: { readonly queries: QueryClient }) {
  const { t, i18n } = useTranslation();
  const session = useSession();
  const location = useLocation();
  const user = session.data?.user;
  const agent = session.data?.agent?.id;
  const login = user?.login;

  if (session.data) setCsrf(session.data.csrf);

  useEffect(() => {
    if (!login) return undefined;
    displayOf(login);
    void i18n.changeLanguage(useDisplay.getState().language ?? toUiLanguage(user.language));
    onSignedOut(() => void queries.invalidateQueries({ queryKey: ['session'] }));
    return startLive(queries);
  }, [login, user?.language, i18n, queries]);

  useEffect(() => (login && agent ? startPhone(login) : undefined), [login, agent]);

  if (session.error instanceof ApiError && session.error.status === 401) {
    return <Navigate to="/login" replace state={{ from: location.pathname }} />;
  }
  if (session.error) {
    return (
      <EmptyState icon="unlink" action={<Button onClick={() => void session.refetch()}>{t('retry')}</Button>}>
        {t('errors.server_away')}
      </EmptyState>
    );
  }
  return session.data ? <Outlet /> : null;
}
