import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { closeTool } from '@/call/tools';

/** Escape, or this. */
export function CloseTool() {
  const { t } = useTranslation();
  return (
    <Button size="xs" variant="subtle" onClick={closeTool}>
      <span className="sr">{t('close')}</span>
      <kbd>Esc</kbd>
    </Button>
  );
}
