// @vitest-environment happy-dom
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { render, screen } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { frame, inLanguage } from '@/test_frame';
import { useAuxName } from './names';

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
