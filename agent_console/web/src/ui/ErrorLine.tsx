import { useTranslation } from 'react-i18next';
import { errorText } from '@/api/errors';
import { Icon } from './icons';
import css from './ui.module.css';

/** An error where the action was: what happened, what was kept, what to do. */
export function ErrorLine({ error, children }: { readonly error?: unknown; readonly children?: React.ReactNode }) {
  const { t } = useTranslation();
  if ((error === null || error === undefined) && children === undefined) return null;
  return (
    <div className={css.error} role="alert">
      <Icon name="alert" size={16} />
      <span>{children ?? errorText(t, error)}</span>
    </div>
  );
}
