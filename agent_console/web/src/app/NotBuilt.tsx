import { useTranslation } from 'react-i18next';
import { EmptyState, Zone, Zones } from '@/ui';

/** A route whose page is not part of this build. */
export function NotBuilt() {
  const { t } = useTranslation();
  return (
    <Zones layout="one" title="Carillon">
      <Zone label="Carillon">
        <EmptyState icon="file">{t('errors.not_found')}</EmptyState>
      </Zone>
    </Zones>
  );
}
