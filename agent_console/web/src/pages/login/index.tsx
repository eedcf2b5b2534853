import { Button, TextInput } from '@mantine/core';
import { useQueryClient, type QueryClient } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation, useNavigate } from 'react-router';
import { api } from '@/api/client';
import type { Session } from '@/api/session';
import { isOver, placeOf } from '@/app/came_from';
import { startWork, stopWork, workingFor } from '@/app/work';
import { ErrorLine } from '@/ui';
import { Frame } from './Frame';
import css from './login.module.css';

/** A new session is a new line and a new softphone, even of the same person; what somebody else left here is forgotten. */
function begin(session: Session, queries: QueryClient): boolean {
  const before = workingFor();
  const same = before === null || before === session.user.login;
  stopWork();
  if (!same) {
    queries.clear();
    sessionStorage.clear();
  }
  queries.setQueryData(['session'], session);
  startWork(session, queries);
  return same;
}

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
      const same = begin(session, queries);
      const back = same ? placeOf(location.state) : null;
      void navigate(session.agent ? '/check' : (back ?? '/'), { replace: true, state: back === null ? null : { from: back } });
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
        {isOver(location.state) && error === null && <p role="status" className={css.over}>{t('over')}</p>}
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
