/** The engineer's page: live calls brought to him, task sheets by their clocks, one key to ring the owner. */
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError } from '@/api/errors';
import { useSession } from '@/api/queries';
import { useFilters } from '@/pages/list/filters';
import { EmptyState, ErrorLine } from '@/ui';
import css from './hotline.module.css';
import { LiveCalls } from './LiveCalls';
import { OwnerZone } from './OwnerZone';
import { Sheet } from './Sheet';
import { SheetList } from './SheetList';
import { type Outcome } from './sheets';
import { useSheets } from './use_sheets';

export default function HotlinePage() {
  const { t } = useTranslation('hotline');
  const session = useSession().data;
  const { sheets, error, loading, resort } = useSheets();
  const [filters, set] = useFilters(['sheet'] as const);
  const [done, setDone] = useState<Outcome | null>(null);
  const me = session?.user.role === 'hotline_engineer' ? (session.agent?.id ?? null) : null;
  const sheet = sheets.find((one) => one.id === filters.sheet) ?? sheets[0];
  const select = (id: string) => {
    setDone(null);
    set('sheet', id);
  };
  return (
    <main className={css.zones}>
      <h1 className="sr">{t('title')}</h1>
      <section className={css.zone} data-zone tabIndex={-1} aria-label={t('sheets.title')}>
        {me !== null && <LiveCalls me={me} />}
        <SheetList sheets={sheets} loading={loading} me={me} selected={sheet?.id ?? null} onSelect={select} onResort={resort} />
      </section>
      <section className={css.zone} data-zone tabIndex={-1} aria-label={t('sheet.label')}>
        {error !== null && <Refused error={error} />}
        {done !== null && <p role="status" className="say">{t(`outcome.done.${done}`)}</p>}
        {sheet ? <Sheet key={sheet.id} sheet={sheet} me={me} mayWork={me !== null} onDone={setDone} /> : !loading && error === null && <EmptyState icon="sheet" hint={t('none.hint')}>{t('none.title')}</EmptyState>}
      </section>
      <section className={css.zone} data-zone tabIndex={-1} aria-label={t('owner.title')}>
        {sheet && <OwnerZone key={sheet.id} sheet={sheet} />}
      </section>
    </main>
  );
}

function Refused({ error }: { readonly error: unknown }) {
  const { t } = useTranslation('hotline');
  if (error instanceof ApiError && error.status === 403) return <EmptyState icon="shield" hint={t('forbidden.hint')}>{t('forbidden.title')}</EmptyState>;
  return <ErrorLine error={error} />;
}
