/** The live line and the softphone of a session. Started as soon as the session is known, before anything is drawn: after a
 *  reload in a call the caller hears music until the line is back. Ended by log-out only; leaving the page says nothing. */
import type { QueryClient } from '@tanstack/react-query';
import i18next from 'i18next';
import { api, onSignedOut, setCsrf } from '@/api/client';
import type { Session } from '@/api/session';
import { welcome } from '@/api/welcome';
import { toUiLanguage } from '@/i18n';
import { startLive } from '@/live/store';
import { startPhone } from '@/phone/host';
import { displayOf, useDisplay } from './display';

let working: { readonly login: string; readonly stop: () => void } | null = null;

/** `ticket` for the first socket, when the page brought one along. */
export function startWork(session: Session, queries: QueryClient, ticket: string | null = null): void {
  setCsrf(session.csrf);
  if (working?.login === session.user.login) return;
  working?.stop();
  displayOf(session.user.login);
  void i18next.changeLanguage(useDisplay.getState().language ?? toUiLanguage(session.user.language));
  onSignedOut(() => void queries.invalidateQueries({ queryKey: ['session'] }));
  const stopLive = startLive(queries, ticket);
  const stopPhone = session.agent ? startPhone(session.user.login, session.agent.id) : () => undefined;
  working = {
    login: session.user.login,
    stop: () => {
      stopPhone();
      stopLive();
    },
  };
}

/** Whose line runs on this page, or null. */
export const workingFor = (): string | null => working?.login ?? null;

export function stopWork(): void {
  working?.stop();
  working = null;
}

/** Who am I, known or asked before the first line is drawn. Not signed in is an answer, too: the page then shows the log-in. */
export async function startEarly(queries: QueryClient): Promise<void> {
  const known = welcome(document);
  if (known) {
    queries.setQueryData(['session'], known.session);
    startWork(known.session, queries, known.ticket);
    return;
  }
  try {
    const session = await queries.fetchQuery({ queryKey: ['session'], queryFn: () => api.get<Session>('/session'), staleTime: Infinity, retry: false });
    startWork(session, queries);
  } catch {
    // SignedIn shows what is wrong.
  }
}
