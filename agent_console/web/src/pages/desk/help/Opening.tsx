import { useTranslation } from 'react-i18next';
import { useSession } from '@/api/queries';
import { Panel } from '@/ui';
import { useCallersWords } from '../use_callers_words';

/** The first sentence, in the caller's language. */
export function Opening({ language }: { readonly language: string | null }) {
  const { t } = useTranslation('desk');
  const words = useCallersWords(language);
  const number = useSession().data?.agent?.number ?? '';
  return (
    <Panel title={t('opening.title')}>
      <p className="say" lang={words.language}>{words.t('opening.sentence', { number })}</p>
    </Panel>
  );
}
