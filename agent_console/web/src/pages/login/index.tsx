import { Button, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation, useNavigate } from 'react-router';
import { api } from '@/api/client';
import type { Session } from '@/api/types';
import { startWork } from '@/app/work';
import { ErrorLine } from '@/ui';
import { Frame } from './Frame';
import css from './login.module.css';

const cameFrom = (state: unknown): string | null =>
  typeof state === 'object' && state !== null && 'from' in state && typeof state.from === 'string' && state.from !== '/' ? state.from : null;

/** Sign in; who has a line goes on to the pre-shift check, others to their page. */
export default function LoginPage() {
  const { t } = useTranslation('login');
  const navigate = useNavigate();
  const location = useLocation();
  const queries = useQueryClient();
  const [login, setLogin] = useState('');
  const [password, setPassword] = useState('');
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setError(null);
    try {
      const session = await api.post<Session>('/login', { login: login.trim(), password });
      queries.setQueryData(['session'], session);
      startWork(session, queries);
      void navigate(session.agent ? '/check' : (cameFrom(location.state) ?? '/'), { replace: true });
    } catch (refused) {
      setError(refused);
      setPassword('');
      document.getElementById('password')?.focus();
    } finally {
      setBusy(false);
    }
  };

  return (
    <Frame>
      <form className={css.form} onSubmit={(event) => void submit(event)}>
        <h1>{t('title')}</h1>
        <ErrorLine error={error} />
        <TextInput id="login" label={t('account')} autoComplete="username" autoFocus required withAsterisk={false} value={login} onChange={(event) => setLogin(event.currentTarget.value)} />
        <TextInput id="password" type="password" label={t('password')} autoComplete="current-password" required withAsterisk={false} value={password} onChange={(event) => setPassword(event.currentTarget.value)} />
        <Button className={css.go} type="submit" variant="filled" loading={busy} rightSection={<kbd>⏎</kbd>}>
          {t('submit')}
        </Button>
        <p className="xs mut">{t('hint')}</p>
      </form>
    </Frame>
  );
}
