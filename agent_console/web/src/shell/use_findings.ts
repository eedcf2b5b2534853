/** What the palette offers for a text: the same order every time — number, owners, tickets, commands, pages. */
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { api } from '@/api/client';
import { useSession } from '@/api/queries';
import type { OwnerRow } from '@/api/owners';
import type { Ticket } from '@/api/tickets';
import type { Page } from '@/api/wire';
import { mayOpen, pagesOf } from '@/app/access';
import { dial, setState } from '@/call/control';
import { useMyCall } from '@/call/use_my_call';
import { nameOf, useChoosableReasons, type IconName } from '@/ui';
import { canPerform, perform, type Doable } from './actions';

export interface Finding {
  readonly key: string;
  readonly icon: IconName;
  readonly text: string;
  readonly kind: string;
  readonly run: () => void;
}

const COMMANDS: readonly (readonly [Doable, IconName, string])[] = [
  ['answer', 'phone', 'keys.answer'], ['hold', 'pause', 'keys.hold'], ['transfer', 'transfer', 'keys.transfer'], ['keypad', 'keypad', 'keys.keypad'],
  ['task', 'sheet', 'sheet.task'], ['owner', 'user', 'sheet.owner'], ['quick', 'person-add', 'sheet.quick'], ['finish', 'check', 'sheet.finish'], ['sheet', 'keypad', 'sheet.title'],
];

/** Digits with the usual separators, at least three: something that can be dialled. */
export const dialable = (text: string): string | null => (/^\+?[\d\s()-]{3,20}$/.test(text) ? text.replace(/[\s()-]/g, '') : null);

/** `asked`: the text as it was a moment ago, for the server. What the page knows itself follows each key: Enter runs what is read. */
export function useFindings(text: string, asked: string): readonly Finding[] {
  const found = useRecords(asked);
  const number = useNumber(text);
  const commands = useCommands();
  const wanted = text.toLowerCase();
  const fitting = commands.filter((one) => wanted === '' || one.text.toLowerCase().includes(wanted));
  return [...number, ...(text === asked ? found : []), ...fitting];
}

function useNumber(text: string): readonly Finding[] {
  const { t } = useTranslation('shell');
  const { phase, coreUp } = useMyCall();
  const number = dialable(text);
  if (number === null || phase !== 'idle' || !coreUp) return [];
  return [{ key: 'dial', icon: 'phone-out', text: t('palette.dial', { number }), kind: t('palette.number'), run: () => void dial({ number }) }];
}

function useRecords(text: string): readonly Finding[] {
  const { t } = useTranslation('shell');
  const navigate = useNavigate();
  const role = useSession().data?.user.role;
  const enabled = text.length >= 2;
  const owners = useQuery({
    queryKey: ['owners', 'find', text],
    queryFn: ({ signal }) => api.get<Page<OwnerRow>>('/owners', { q: text }, signal),
    enabled: enabled && mayOpen(role, 'owners'),
  });
  const tickets = useQuery({ queryKey: ['tickets', 'find', text], queryFn: ({ signal }) => api.get<Page<Ticket>>('/tickets', { q: text }, signal), enabled: enabled && mayOpen(role, 'tickets') });
  const go = (path: string) => () => void navigate(path);
  return [
    ...(owners.data?.items ?? []).slice(0, 6).map((owner) => ({
      key: owner.id, icon: 'user' as const, text: [owner.name, owner.address].filter(Boolean).join(' · '), kind: t('palette.owner'), run: go(`/owners/${owner.id}`),
    })),
    ...(tickets.data?.items ?? []).slice(0, 4).map((ticket) => ({
      key: ticket.id, icon: 'ticket' as const, text: `${ticket.number} ${ticket.title}`, kind: t('palette.ticket'), run: go(`/tickets/${ticket.id}`),
    })),
  ];
}

function useCommands(): readonly Finding[] {
  const { t, i18n } = useTranslation('shell');
  const navigate = useNavigate();
  const role = useSession().data?.user.role;
  const { agent, coreUp } = useMyCall();
  const reasons = useChoosableReasons();
  const command = t('palette.command');
  const actions = COMMANDS.filter(([action]) => canPerform(action)).map(([action, icon, label]) => ({ key: action, icon, text: t(label), kind: command, run: () => void perform(action) }));
  const states: Finding[] = agent !== null && coreUp && agent.state !== 'LOGGED_OUT'
    ? [
        { key: 'ready', icon: 'ready', text: t('state_menu.ready'), kind: command, run: () => void setState('READY') },
        ...reasons.map((reason) => ({ key: `aux-${reason.id}`, icon: 'cup' as const, text: t('state_menu.aux', { reason: nameOf(reason, i18n.language) }), kind: command, run: () => void setState('AUX', reason.id) })),
      ]
    : [];
  const pages = role ? pagesOf(role).map((page) => ({ key: `page-${page}`, icon: 'right' as const, text: t(`nav.${page}`), kind: t('palette.page'), run: () => void navigate(`/${page}`) })) : [];
  return [...actions, ...states, ...pages];
}
