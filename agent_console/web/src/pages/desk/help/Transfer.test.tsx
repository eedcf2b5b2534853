// @vitest-environment happy-dom
import { act, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Agent } from '@/api/agents';
import type { MyCall } from '@/call/use_my_call';
import { EMPTY } from '@/live/reducer';
import { aCall, anAgent } from '@/live/sample';
import { useLiveStore } from '@/live/store';
import type * as Store from '@/live/store';
import { frame, inLanguage } from '@/test_frame';
import { Transfer } from './Transfer';

const { command } = vi.hoisted(() => ({ command: vi.fn() }));
vi.mock('@/live/store', async (original) => ({ ...(await original<typeof Store>()), command }));

const engineer = (number: string, name: string, state: Agent['state']) => anAgent({ id: `agt-${number}`, number, name, role: 'hotline_engineer', state });
const house = (...agents: Agent[]) => useLiveStore.setState(({ live }) => ({ live: { ...live, agents: Object.fromEntries(agents.map((agent) => [agent.id, agent])) } }));
const call = aCall({ state: 'talking' });
const my: MyCall = { agent: anAgent(), call, session: null, pop: null, phase: 'talking', coreUp: true, mine: true };
const names = () => screen.getAllByRole('option').map((row) => row.querySelector('b')?.textContent);
const field = () => screen.getByRole('combobox');

beforeEach(async () => {
  await inLanguage('en', 'desk');
  useLiveStore.setState({ live: EMPTY });
  house(engineer('2001', 'Meng', 'ON_CALL'), engineer('2003', 'Gao', 'READY'));
  command.mockResolvedValue({});
  render(<Transfer my={my} call={call} />, { wrapper: frame() });
  fireEvent.change(field(), { target: { value: '200' } });
});
afterEach(() => void command.mockReset());

describe('the list of whom to transfer to', () => {
  it('does not move under the pointer when somebody becomes ready', () => {
    expect(names()).toEqual(['Gao', 'Meng']);
    act(() => house(engineer('2001', 'Meng', 'READY'), engineer('2003', 'Gao', 'ON_CALL')));
    expect(names()).toEqual(['Gao', 'Meng']);
  });

  it('refuses whom Enter would have taken, with his name, and asks nobody else', () => {
    act(() => house(engineer('2001', 'Meng', 'READY'), engineer('2003', 'Gao', 'ON_CALL')));
    fireEvent.keyDown(field(), { key: 'Enter' });
    expect(screen.getByRole('alert').textContent).toBe('Gao is not ready now (On call). Choose somebody else, or wait.');
    expect(command).not.toHaveBeenCalled();
  });

  it('asks the one who stands there first', () => {
    act(() => house(engineer('2001', 'Meng', 'READY'), engineer('2003', 'Gao', 'READY')));
    fireEvent.keyDown(field(), { key: 'Enter' });
    expect(command).toHaveBeenCalledWith('consult.start', { call: call.id, target: { kind: 'agent', id: 'agt-2003' } });
  });

  it('is sorted anew for another text', () => {
    act(() => house(engineer('2001', 'Meng', 'READY'), engineer('2003', 'Gao', 'ON_CALL')));
    fireEvent.change(field(), { target: { value: '20' } });
    expect(names()).toEqual(['Meng', 'Gao']);
  });
});
