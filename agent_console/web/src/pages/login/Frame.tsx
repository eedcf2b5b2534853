import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { setDisplay, useDisplay } from '@/app/display';
import { toUiLanguage, type UiLanguage } from '@/i18n';
import { Choice, Mark } from '@/ui';
import { bells } from './bells';
import css from './login.module.css';

const BELLS = bells(7);

/** The room before the desk: the bells on the left, the form on the right, language and scheme above it. */
export function Frame({ children }: { readonly children: ReactNode }) {
  const { t } = useTranslation('login');
  return (
    <div className={css.frame}>
      <aside className={css.side}>
        <svg className={css.frieze} aria-hidden viewBox="0 0 520 330" preserveAspectRatio="xMinYMin slice">
          <path d="M0 8h520v10H0z" />
          {BELLS.map((bell) => (
            <g key={bell.path}>
              <path d={bell.path} />
              {bell.bosses.map(([x, y, r]) => <circle key={`${x} ${y}`} cx={x} cy={y} r={r} />)}
            </g>
          ))}
        </svg>
        <div className={css.brand}><Mark size={38} />Carillon</div>
        <p className={css.motto}>{t('motto')}</p>
        <small>{t('line')}</small>
      </aside>
      <main className={css.main}>
        <Preferences />
        {children}
      </main>
    </div>
  );
}

function Preferences() {
  const { t, i18n } = useTranslation('login');
  const scheme = useDisplay((s) => s.scheme);
  const choose = (language: UiLanguage) => {
    setDisplay({ language });
    void i18n.changeLanguage(language);
  };
  return (
    <div className={css.top}>
      <Choice
        label={t('language')}
        value={toUiLanguage(i18n.language)}
        onChange={choose}
        options={[{ value: 'zh-CN', label: <span lang="zh-CN">中文</span> }, { value: 'en', label: <span lang="en">English</span> }]}
      />
      <Button size="xs" h={28} onClick={() => setDisplay({ scheme: scheme === 'dark' ? 'light' : 'dark' })}>
        {t(scheme === 'dark' ? 'light' : 'dark')}
      </Button>
    </div>
  );
}
