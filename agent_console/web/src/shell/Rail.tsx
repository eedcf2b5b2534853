import { Menu } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { NavLink, useNavigate } from 'react-router';
import { api } from '@/api/client';
import { ApiError } from '@/api/errors';
import { useSession } from '@/api/queries';
import { pagesOf, type PageName } from '@/app/access';
import { setDisplay, useDisplay } from '@/app/display';
import { stopWork } from '@/app/work';
import { emptyAll } from '@/drafts/kept';
import { ErrorLine, Icon, Mark, useErrorText, type IconName } from '@/ui';
import { initials } from './initials';
import css from './shell.module.css';

const ICONS: Readonly<Record<PageName, IconName>> = {
  desk: 'headset', hotline: 'bolt', board: 'chart', calls: 'list', owners: 'user', tickets: 'ticket', callbacks: 'calendar',
};

/** Navigation with words under the icons, and the account. Never changes with the state of a call. */
export function Rail({ onFind, onKeys }: { readonly onFind: () => void; readonly onKeys: () => void }) {
  const { t } = useTranslation('shell');
  const role = useSession().data?.user.role;
  return (
    <nav className={css.rail} aria-label={t('main')}>
      <NavLink className={css.logo} to="/" aria-label="Carillon">
        <Mark size={30} />
      </NavLink>
      <button type="button" className={css.nav} onClick={onFind}>
        <Icon name="search" size={20} />
        <span>{t('nav.find')}</span>
      </button>
      {role &&
        pagesOf(role).map((page) => (
          <NavLink key={page} className={css.nav} to={`/${page}`}>
            <Icon name={ICONS[page]} size={20} />
            <span>{t(`nav.${page}`)}</span>
          </NavLink>
        ))}
      <Account onKeys={onKeys} />
    </nav>
  );
}

function Account({ onKeys }: { readonly onKeys: () => void }) {
  const { t } = useTranslation('shell');
  const session = useSession().data;
  const logout = useLogout();
  const errorText = useErrorText();
  if (!session) return null;
  return (
    <>
    <Menu withInitialFocusPlaceholder={false} position="right-end" withinPortal shadow="md">
      <Menu.Target>
        <button type="button" className={`${css.nav} ${css.me}`} title={`${session.user.name} · ${t(`common:role.${session.user.role}`)}`}>
          <span className={css.avatar} aria-hidden>
            {initials(session.user.name)}
          </span>
          {session.agent && <span className="num">{session.agent.number}</span>}
          <span className="sr">{t('account', { name: session.user.name })}</span>
        </button>
      </Menu.Target>
      <AccountMenu onKeys={onKeys} name={session.user.name} hasPhone={session.agent !== null} onLogout={() => !logout.isPending && logout.mutate()} />
    </Menu>
    {logout.error !== null && (
      <div style={{ position: 'fixed', left: 76, bottom: 52, width: 300, zIndex: 20 }}>
        <ErrorLine>
          {t('menu.logout_failed', { why: errorText(logout.error) })}{' '}
          <button type="button" className={css.next} onClick={logout.reset}>{t('common:close')}</button>
        </ErrorLine>
      </div>
    )}
    </>
  );
}

function useLogout() {
  const navigate = useNavigate();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: signOut,
    networkMode: 'always', // offline is an answer, too: a log-out that happens later is none
    onSuccess: () => {
      stopWork();
      queries.clear();
      emptyAll();
      sessionStorage.clear();
      void navigate('/login', { replace: true });
    },
  });
}

/** Whoever goes leaves the tab to the next: as long as the server has not ended the session, nobody is told that it is over. */
async function signOut(): Promise<void> {
  try {
    await api.post('/logout');
  } catch (error) {
    if (!(error instanceof ApiError && error.status === 401)) throw error;
  }
}

function AccountMenu({ name, hasPhone, onKeys, onLogout }: { readonly name: string; readonly hasPhone: boolean; readonly onKeys: () => void; readonly onLogout: () => void }) {
  const { t, i18n } = useTranslation('shell');
  const scheme = useDisplay((s) => s.scheme);
  const navigate = useNavigate();

  const language = () => {
    const other = i18n.language === 'en' ? 'zh-CN' : 'en';
    setDisplay({ language: other });
    void i18n.changeLanguage(other);
  };
  return (
    <Menu.Dropdown>
      <Menu.Label>{name}</Menu.Label>
      {hasPhone && (
        <Menu.Item leftSection={<Icon name="mic" />} onClick={() => void navigate('/check')}>
          {t('menu.check')}
        </Menu.Item>
      )}
      <Menu.Item leftSection={<Icon name="keypad" />} onClick={onKeys}>
        {t('menu.keys')}
      </Menu.Item>
      <Menu.Item leftSection={<Icon name="language" />} lang={i18n.language === 'en' ? 'zh-CN' : 'en'} onClick={language}>
        {t('menu.language')}
      </Menu.Item>
      <Menu.Item leftSection={<Icon name={scheme === 'dark' ? 'light' : 'dark'} />} onClick={() => setDisplay({ scheme: scheme === 'dark' ? 'light' : 'dark' })}>
        {t(scheme === 'dark' ? 'menu.light' : 'menu.dark')}
      </Menu.Item>
      <Menu.Divider />
      <Menu.Item leftSection={<Icon name="power" />} onClick={onLogout}>
        {t('menu.logout')}
      </Menu.Item>
    </Menu.Dropdown>
  );
}
