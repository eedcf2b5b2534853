import { Button, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate, useSearchParams } from 'react-router';
import { api } from '@/api/client';
import type { Session } from '@/api/session';
import { startWork } from '@/app/work';
import { Frame } from '@/pages/login/Frame';
import css from '@/pages/login/login.module.css';
import { ErrorLine } from '@/ui';

/** The one-time link that `bin/up --empty` prints: it makes the first administrator and signs him in. */
export default function SetupPage() {
  const { t } = useTranslation('setup');
  const [params] = useSearchParams();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const [name, setName] = useState('');
  const [login, setLogin] = useState('admin');
  const [password, setPassword] = useState('');
  const [again, setAgain] = useState('');
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const token = params.get('token') ?? '';
  const differs = again !== '' && again !== password;

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (again !== password) return;
    setBusy(true);
    setError(null);
    try {
      const session = await api.post<Session>('/setup', { token, login: login.trim(), name: name.trim(), password });
      queries.setQueryData(['session'], session);
      startWork(session, queries);
      void navigate('/', { replace: true });
    } catch (refused) {
      setError(refused);
    } finally {
      setBusy(false);
    }
  };

  return (
    <Frame>
      <form className={css.form} onSubmit={(event) => void submit(event)}>
        <h1>{t('title')}</h1>
        <p className="sm mut">{t('intro')}</p>
        {token === '' && <ErrorLine>{t('no_token')}</ErrorLine>}
        <ErrorLine error={error} />
        <TextInput label={t('name')} autoComplete="name" autoFocus required withAsterisk={false} value={name} onChange={(event) => setName(event.currentTarget.value)} />
        <TextInput label={t('login')} autoComplete="username" required withAsterisk={false} value={login} onChange={(event) => setLogin(event.currentTarget.value)} />
        <TextInput type="password" label={t('password')} description={t('password_hint')} autoComplete="new-password" required withAsterisk={false} minLength={8} value={password} onChange={(event) => setPassword(event.currentTarget.value)} />
        <TextInput type="password" label={t('again')} autoComplete="new-password" required withAsterisk={false} error={differs ? t('differs') : undefined} value={again} onChange={(event) => setAgain(event.currentTarget.value)} />
        <Button className={css.go} type="submit" variant="filled" loading={busy} disabled={token === '' || differs} rightSection={<kbd>⏎</kbd>}>
          {t('submit')}
        </Button>
      </form>
    </Frame>
  );
}
