/** What the call keys do. With the core they are commands; without it SIP does what it can by itself. */
import { api } from '@/api/client';
import type { Callback } from '@/api/callbacks';
import type { Call } from '@/api/calls';
import { command, useLiveStore } from '@/live/store';
import { phone, usePhone } from '@/phone/store';
import { create } from 'zustand';

/** A refused action is shown where the call is: in the call bar's own line, until the next action. */
export const useCallError = create<{ error: unknown }>(() => ({ error: null }));

const failed = (error: unknown): void => useCallError.setState({ error });
/** True: it was accepted. */
const attempt = (work: Promise<unknown>): Promise<boolean> => {
  useCallError.setState({ error: null });
  return work.then(() => true, (error: unknown) => {
    failed(error);
    return false;
  });
};

const coreUp = (): boolean => {
  const { line, live } = useLiveStore.getState();
  return line.state === 'open' && live.core.up;
};

export const answer = (): void => phone()?.answer();

export function toggleMute(): void {
  const session = usePhone.getState().session;
  if (session) phone()?.mute(!session.muted);
}

export const toggleHold = (call: Call): Promise<unknown> =>
  attempt(command(call.state === 'held' ? 'call.resume' : 'call.hold', { call: call.id }));

export const toggleRecording = (call: Call): Promise<unknown> =>
  attempt(command(call.recording === 'paused' ? 'record.resume' : 'record.pause', { call: call.id }));

/** The core hangs up at once and knows who asked; when it cannot, BYE does, and the dialplan ends the caller. */
export async function hangUp(call: Call | null): Promise<void> {
  useCallError.setState({ error: null });
  if (call === null || !coreUp()) {
    phone()?.hangUp();
    return;
  }
  await command('call.hangup', { call: call.id }).catch(() => phone()?.hangUp());
}

export const consult = {
  complete: (call: Call) => attempt(command('consult.complete', { call: call.id })),
  cancel: (call: Call) => attempt(command('consult.cancel', { call: call.id })),
  threeWay: (call: Call) => attempt(command('consult.three_way', { call: call.id })),
};

export const extendWrapUp = (call: Call): Promise<unknown> => attempt(command('wrapup.extend', { call: call.id, seconds: 30 }));

export const setState = (state: 'READY' | 'AUX', reason?: string): Promise<unknown> =>
  attempt(command('agent.state', reason === undefined ? { state } : { state, reason }));

interface Dialled {
  readonly number: string;
  readonly owner?: string;
  readonly ticket?: string;
  readonly callback?: string;
}

export const dial = (args: Dialled): Promise<unknown> => attempt(command('call.dial', args));

/** What is nobody's becomes one's own before it is rung: two agents must not ring the same owner. */
export const takeFirst = async (callback: Pick<Callback, 'id' | 'agent'>): Promise<void> => {
  if (callback.agent === null) await api.post<Callback>(`/callbacks/${callback.id}/take`);
};

/** True: the core dials. */
export const ringBack = (callback: Callback): Promise<boolean> => attempt(takeFirst(callback).then(() => command('call.dial', dialledFor(callback))));

export const dialledFor = (callback: Callback): Dialled => ({
  number: callback.number,
  ...(callback.owner ? { owner: callback.owner } : {}),
  ...(callback.ticket ? { ticket: callback.ticket } : {}),
  callback: callback.id,
});

export const chooseOwner = (call: Call, owner: string): Promise<unknown> => attempt(command('call.owner', { call: call.id, owner }));
