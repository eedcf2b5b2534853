import { useTranslation } from 'react-i18next';
import { errorText } from '@/api/errors';
import { Icon } from './icons';
import { useAgentName } from './names';
import css from './ui.module.css';

/** What went wrong, with the people it names by their names. */
export function useErrorText(): (error: unknown) => string {
  const { t } = useTranslation();
  const agentName = useAgentName();
  return (error) => errorText(t, error, agentName);
}

/** An error where the action was: what happened, what was kept, what to do. */
export function ErrorLine({ error, children }: { readonly error?: unknown; readonly children?: React.ReactNode }) {
  const text = useErrorText();
  if ((error === null || error === undefined) && children === undefined) return null;
  return (
    <div className={css.error} role="alert">
      <Icon name="alert" size={16} />
      <span>{children ?? text(error)}</span>
    </div>
  );
}
