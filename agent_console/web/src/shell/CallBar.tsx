import { useTranslation } from 'react-i18next';
import { useCallError } from '@/call/control';
import { useMyCall } from '@/call/use_my_call';
import { useSession } from '@/api/queries';
import { Icon, useErrorText } from '@/ui';
import { CallInfo } from './CallInfo';
import { CallKeys } from './CallKeys';
import { MyState } from './MyState';
import css from './shell.module.css';

/** My state · the call · seven call keys: always there, the same height in every state. */
export function CallBar({ onFind }: { readonly onFind: () => void }) {
  const { t } = useTranslation('shell');
  const my = useMyCall();
  const session = useSession().data;
  const error = useCallError((s) => s.error);
  const errorText = useErrorText();
  return (
    <header className={css.bar} data-zone tabIndex={-1} aria-label={t('call')} data-phase={my.phase} data-core={my.coreUp ? 'up' : 'away'} data-agent-state={my.agent?.state}>
      <MyState my={my} />
      <div className={css.call}>
        <CallInfo my={my} onFind={onFind} />
      </div>
      {session?.agent && <CallKeys my={my} />}
      {error !== null && (
        <div className={css.under} role="alert">
          {errorText(error)}{' '}
          <button type="button" className={css.next} onClick={() => useCallError.setState({ error: null })}>
            <Icon name="x" size={14} />
            <span className="sr">{t('common:close')}</span>
          </button>
        </div>
      )}
    </header>
  );
}
