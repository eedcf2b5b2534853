import { Button } from '@mantine/core';
import { Component, type ErrorInfo, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { EmptyState, Zone, Zones } from '@/ui';

interface Props {
  /** A change of it (the path) tries again. */
  readonly place: string;
  readonly children: ReactNode;
}

/** A fault of a page ends at its own edge: call bar and line stay, a conversation goes on. */
export class Boundary extends Component<Props, { readonly broken: string | null }> {
  override state = { broken: null };

  static getDerivedStateFromError(error: unknown): { broken: string } {
    return { broken: error instanceof Error ? error.message : String(error) };
  }

  override componentDidCatch(error: Error, info: ErrorInfo): void {
    // The one place that writes to the browser's console: support reads it there.
    globalThis.reportError?.(new Error(`${error.message}${info.componentStack ?? ''}`));
  }

  override componentDidUpdate(before: Props): void {
    if (before.place !== this.props.place && this.state.broken !== null) this.setState({ broken: null });
  }

  override render(): ReactNode {
    return this.state.broken === null ? this.props.children : <Broken onRetry={() => this.setState({ broken: null })} />;
  }
}

function Broken({ onRetry }: { readonly onRetry: () => void }) {
  const { t } = useTranslation();
  return (
    <Zones layout="one" title={t('broken.title')}>
      <Zone label={t('broken.title')}>
        <EmptyState icon="alert" hint={t('broken.hint')} action={<Button mt="md" onClick={onRetry}>{t('retry')}</Button>}>
          <span role="alert">{t('broken.title')}</span>
        </EmptyState>
      </Zone>
    </Zones>
  );
}
