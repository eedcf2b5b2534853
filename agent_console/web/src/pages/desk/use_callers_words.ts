/** Sentences to be spoken are shown in the caller's language, whatever the page's is. */
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { toUiLanguage } from '@/i18n';

export function useCallersWords(language: string | null): { readonly t: (key: string, options?: Record<string, string>) => string; readonly language: string } {
  const { i18n } = useTranslation('desk');
  const wanted = language === null ? toUiLanguage(i18n.language) : toUiLanguage(language);
  const [, loaded] = useState('');
  useEffect(() => {
    if (!i18n.hasResourceBundle(wanted, 'desk')) void i18n.loadLanguages(wanted).then(() => loaded(wanted));
  }, [i18n, wanted]);
  const spoken = i18n.hasResourceBundle(wanted, 'desk') ? wanted : i18n.language;
  const t = i18n.getFixedT(spoken, 'desk');
  return { t: (key, options) => t(key, options ?? {}), language: spoken };
}
