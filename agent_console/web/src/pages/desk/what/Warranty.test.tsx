// @vitest-environment happy-dom
import { render, screen } from '@testing-library/react';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { frame, inLanguage } from '@/test_frame';
import type { OwnerInView } from '../use_owner_in_view';
import { Warranty } from './Intake';

const owner: OwnerInView = {
  id: 'o-1', name: '周建国', level: null, note: null, number: null, properties: [], open_tickets: [], callbacks: [],
  equipment: [{ id: 'e-1', name: '可视门禁', model: null, warranty_until: '2026-11-23' }],
};
const shown = () => render(<Warranty view={{ candidates: [], chosen: 'o-1', quick: false, owner }} equipment="可视门禁 VD-700" />, { wrapper: frame() });

beforeEach(async () => {
  await inLanguage('en', 'desk');
  vi.useFakeTimers();
});
afterEach(() => void vi.useRealTimers());

/** A moment of the reader's own clock, whatever his zone is. */
const at = (day: number, hour: number) => vi.setSystemTime(new Date(2026, 10, day, hour, 30));

it('a warranty holds to the last minute of its day by the clock of the site', () => {
  at(23, 23);
  shown();
  expect(screen.getByText(/in warranty/)).toBeTruthy();
});

it('a warranty is over with the first minute of the next day', () => {
  at(24, 0);
  shown();
  expect(screen.getByText(/expired/)).toBeTruthy();
});
