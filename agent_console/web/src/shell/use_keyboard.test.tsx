// @vitest-environment happy-dom
import { fireEvent, render, screen } from '@testing-library/react';
import { beforeEach, expect, it, vi } from 'vitest';
import { useAction } from './actions';
import { useKeyboard } from './use_keyboard';

const cancel = vi.fn();
const close = vi.fn();

function Page({ tool = false }: { readonly tool?: boolean }) {
  useKeyboard();
  useAction('cancel', cancel);
  useAction('close', close, tool);
  return (
    <>
      <input aria-label="equipment" />
      <button type="button" aria-expanded="true">state</button>
      <button type="button">hold</button>
    </>
  );
}

beforeEach(() => vi.resetAllMocks());

it('Escape in a field leaves the consult alone', () => {
  render(<Page />);
  fireEvent.keyDown(screen.getByLabelText('equipment'), { key: 'Escape' });
  expect(cancel).not.toHaveBeenCalled();
});

it('Escape in an open menu leaves the consult alone', () => {
  render(<Page />);
  fireEvent.keyDown(screen.getByText('state'), { key: 'Escape' });
  expect(cancel).not.toHaveBeenCalled();
});

it('Escape elsewhere cancels it', () => {
  render(<Page />);
  fireEvent.keyDown(screen.getByText('hold'), { key: 'Escape' });
  expect(cancel).toHaveBeenCalledOnce();
});

it('Escape closes the open tool before it cancels anything', () => {
  render(<Page tool />);
  fireEvent.keyDown(screen.getByLabelText('equipment'), { key: 'Escape' });
  expect([close.mock.calls.length, cancel.mock.calls.length]).toEqual([1, 0]);
});
