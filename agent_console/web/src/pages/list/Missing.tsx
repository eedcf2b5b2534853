import { Button } from '@mantine/core';
import { Link } from 'react-router';
import { ApiError } from '@/api/errors';
import { EmptyState, ErrorLine } from '@/ui';

interface Props {
  readonly error: unknown;
  readonly back: { readonly to: string; readonly text: string };
  readonly words: { readonly missing: string; readonly missingHint: string; readonly forbidden: string; readonly forbiddenHint: string; readonly retry: string };
  readonly onRetry: () => void;
}

/** A record that does not exist, may not be seen, or did not load: what it means and where to go. */
export function Missing({ error, back, words, onRetry }: Props) {
  const status = error instanceof ApiError ? error.status : 0;
  const way = <Link to={back.to} style={{ lineHeight: '24px' }}>{back.text}</Link>;
  return (
    <main style={{ padding: 48, display: 'grid', justifyItems: 'center', alignContent: 'start', gap: 12 }}>
      {status === 404 && <EmptyState icon="search" hint={words.missingHint} action={way}><h1>{words.missing}</h1></EmptyState>}
      {status === 403 && <EmptyState icon="shield" hint={words.forbiddenHint} action={way}><h1>{words.forbidden}</h1></EmptyState>}
      {status !== 404 && status !== 403 && (
        <>
          <ErrorLine error={error} />
          <Button size="xs" variant="default" onClick={onRetry}>{words.retry}</Button>
          {way}
        </>
      )}
    </main>
  );
}
