import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { api } from '@/api/client';
import type { Callback } from '@/api/callbacks';
import type { Page } from '@/api/wire';
import { ringBack } from '@/call/control';
import type { MyCall } from '@/call/use_my_call';
import { phoneNumber } from '@/clock/format';
import { seconds, useSecond } from '@/clock/ticker';
import { counted } from '@/pages/list/pages';
import { useAction } from '@/shell/actions';
import { Due, EmptyState, Panel } from '@/ui';

const SHOWN = 4;
/** A callback may be made a little before its time; earlier was not agreed. */
const EARLY_S = 15 * 60;

/** What was promised, the next first; Alt C rings it. */
export function CallbacksDue({ my }: { readonly my: MyCall }) {
  const { t } = useTranslation('desk');
  const now = useSecond();
  const list = useQuery({ queryKey: ['callbacks', 'mine'], queryFn: () => api.get<Page<Callback>>('/callbacks', { mine: true, state: 'open' }) });
  const rows = list.data?.items ?? [];
  const count = counted(rows.length, Boolean(list.data?.next));
  const free = my.phase === 'idle' && my.coreUp && my.session === null;
  const first = rows[0];
  const ready = (callback: Callback | undefined): callback is Callback => callback !== undefined && free && seconds(callback.due_at) - now <= EARLY_S;
  useAction('dial', () => { if (ready(first)) void ringBack(first); }, ready(first));
  return (
    <Panel title={t('callbacks.title')} count={count} line={false} flush aside={rows.length > SHOWN && <Link className="xs" to="/callbacks">{t('callbacks.all', { n: count })}</Link>}>
      {rows.length === 0 ? (
        <EmptyState icon="calendar" hint={t('callbacks.empty_hint')}>{t('callbacks.empty')}</EmptyState>
      ) : (
        <table className="table fixed">
          <colgroup><col style={{ width: 112 }} /><col style={{ width: '31%' }} /><col /><col style={{ width: 112 }} /></colgroup>
          <thead className="sr"><tr><th>{t('callbacks.when')}</th><th>{t('callbacks.owner')}</th><th>{t('callbacks.about')}</th><th>{t('callbacks.action')}</th></tr></thead>
          <tbody>
            {rows.slice(0, SHOWN).map((row, index) => (
              <tr key={row.id} className={index === 0 && ready(row) ? 'on' : undefined} style={{ height: 46 }}>
                <td><Due at={row.due_at} /></td>
                <td>
                  <b style={{ fontWeight: 600 }}>{row.owner ? <Link to={`/owners/${row.owner}`} style={{ color: 'inherit' }}>{row.owner_name || t('callbacks.owner')}</Link> : row.owner_name}</b>
                  <div className="xs mut num">{phoneNumber(row.number)}</div>
                </td>
                <td title={row.note ?? ''}>{row.note}</td>
                <td className="right">
                  <Button size="xs" variant={index === 0 && ready(row) ? 'filled' : 'default'} disabled={!ready(row)} title={ready(row) ? undefined : t(free ? 'callbacks.too_early' : 'callbacks.not_now')} onClick={() => void ringBack(row)} rightSection={index === 0 && ready(row) ? <kbd>Alt C</kbd> : undefined}>
                    {t('callbacks.call')}
                  </Button>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Panel>
  );
}
