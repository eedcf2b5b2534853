import { useTranslation } from 'react-i18next';
import { draftOf, type Conversation } from '@/call/drafts';
import { phoneNumber } from '@/clock/format';

/** The owner in view then, the name that was being entered, or the number. */
export function useUnsavedName(): (conversation: Conversation) => string {
  const { t } = useTranslation('desk');
  return ({ call, name }) => {
    const number = call.direction === 'out' ? call.to : call.from || call.from_raw;
    return name || draftOf(call.id).entry.name || (number ? phoneNumber(number) : t('common:unknown_number'));
  };
}
