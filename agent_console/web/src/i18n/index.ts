/** Two languages, one namespace per page folder, each loaded when its page is. Parity is a test (parity.test.ts). */
import i18next, { type BackendModule, type ReadCallback } from 'i18next';
import { initReactI18next } from 'react-i18next';

export const LANGUAGES = ['zh-CN', 'en'] as const;
export type UiLanguage = (typeof LANGUAGES)[number];

const files = import.meta.glob<Record<string, unknown>>('./*/*.json', { import: 'default' });

const bundles: BackendModule = {
  type: 'backend',
  init: () => undefined,
  read(language: string, namespace: string, done: ReadCallback) {
    const load = files[`./${language}/${namespace}.json`];
    if (!load) {
      done(new Error(`no texts for ${language}/${namespace}`), null);
      return;
    }
    load().then((texts) => done(null, texts), (error: unknown) => done(error instanceof Error ? error : String(error), null));
  },
};

export function toUiLanguage(value: string | null | undefined): UiLanguage {
  return value?.toLowerCase().startsWith('en') ? 'en' : 'zh-CN';
}

export async function startI18n(language: UiLanguage): Promise<void> {
  document.documentElement.lang = language;
  i18next.on('languageChanged', (lng) => {
    document.documentElement.lang = lng;
  });
  await i18next
    .use(bundles)
    .use(initReactI18next)
    .init({
      lng: language,
      supportedLngs: LANGUAGES,
      fallbackLng: false,
      ns: ['common', 'shell'],
      defaultNS: 'common',
      interpolation: { escapeValue: false },
      returnNull: false,
      react: { useSuspense: true },
    });
}
