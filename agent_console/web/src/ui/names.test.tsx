// @vitest-environment happy-dom
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { render, screen } from '@testing-library/react';
import { describe, expect, it, vi } from 'vitest';
import { frame, inLanguage } from '@/test_frame';
import { useAuxName, useDispositionName } from './names';

const Shown = ({ reason }: { readonly reason: string }) => <p>{useAuxName()(reason)}</p>;

describe('a reason to be away', () => {
  it.each([
    ['break', 'Tea break'],
    ['after_login', 'just logged in'],
    ['page_lost', 'page lost'],
    ['unheard_of', 'unheard_of'],
  ])('%s is called "%s"', async (reason, words) => {
    await inLanguage('en');
    const queries = new QueryClient({ defaultOptions: { queries: { retry: false, staleTime: Infinity } } });
    const rows = [{ id: 'break', name_zh: '茶歇', name_en: 'Tea break' }, { id: 'after_login', name_zh: '', name_en: 'Not this' }];
    queries.setQueryData(['aux-reasons'], { items: rows, next: null });
    const Frame = frame();
    render(<Frame><QueryClientProvider client={queries}><Shown reason={reason} /></QueryClientProvider></Frame>);
    expect(screen.getByText(words)).toBeTruthy();
  });
});

const Disposed = ({ as }: { readonly as: string }) => <p data-testid="disposed">{useDispositionName()(as)}</p>;

describe('a name that comes from a list', () => {
  const shown = (queries: QueryClient): string => {
    const Frame = frame();
    render(<Frame><QueryClientProvider client={queries}><Disposed as="solved" /></QueryClientProvider></Frame>);
    return screen.getByTestId('disposed').textContent ?? '';
  };

  it('is not replaced by its code while the list is on its way', () => {
    vi.stubGlobal('fetch', () => new Promise(() => undefined));
    expect(shown(new QueryClient())).toBe('');
    vi.unstubAllGlobals();
  });

  it('is the code when the list does not know it', () => {
    const queries = new QueryClient({ defaultOptions: { queries: { staleTime: Infinity } } });
    queries.setQueryData(['dispositions'], { items: [], next: null });
    expect(shown(queries)).toBe('solved');
  });
});
