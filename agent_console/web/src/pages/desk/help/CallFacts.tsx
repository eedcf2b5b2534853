import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { api } from '@/api/client';
import type { CallRecord } from '@/api/records';
import { timeWithSeconds } from '@/clock/format';
import { EmptyState, Icon, Panel, type IconName } from '@/ui';
import css from '../desk.module.css';

/** The turning points of a call; the whole record is one click away. */
const SHOWN: Readonly<Record<string, IconName>> = {
  'call.queued': 'phone-in', 'call.dialled': 'phone-out', 'call.answered': 'headset', 'call.held': 'pause', 'call.resumed': 'play',
  'consult.started': 'users', 'consult.answered': 'users', 'consult.joined': 'users', 'consult.cancelled': 'x', 'consult.completed': 'right',
  'call.transferred': 'transfer', 'call.agent_left': 'unlink', 'call.reattached': 'headset', 'call.ended': 'phone-off',
};

/** A record is written within moments; that of a call which went on to a colleague is not mine to read. */
const TRIES = 5;

export function CallFacts({ call }: { readonly call: string }) {
  const { t, i18n } = useTranslation('desk');
  const record = useQuery({ queryKey: ['calls', call], queryFn: () => api.get<CallRecord>(`/calls/${call}`), refetchInterval: ({ state }) => (state.data?.facts?.length || state.errorUpdateCount > TRIES ? false : 2_000), retry: false });
  const facts = (record.data?.facts ?? []).filter((fact) => fact.kind in SHOWN);
  return (
    <Panel title={t('facts.title')} aside={<Link className="xs" style={{ lineHeight: '24px', display: 'inline-block' }} to={`/calls/${call}`}>{t('facts.whole')}</Link>} size="grow">
      {facts.length === 0 ? (
        <EmptyState icon="list">{t('facts.empty')}</EmptyState>
      ) : (
        <ul className={css.steps}>
          {facts.map((fact, index) => (
            <li key={`${fact.at}${index}`}>
              <Icon name={SHOWN[fact.kind] ?? 'list'} />
              <span>{t(`facts.kind.${fact.kind.replace('.', '_')}`, { defaultValue: fact.kind })}</span>
              <time className="xs num" dateTime={fact.at}>{timeWithSeconds(fact.at, i18n.language)}</time>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}
