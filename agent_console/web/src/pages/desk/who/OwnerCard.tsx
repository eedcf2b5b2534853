import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { Equipment } from '@/api/owners';
import { serverNow, useSecond } from '@/clock/ticker';
import { warranty } from '@/pages/owners/activity';
import { clockOf, localTime, WINDOW } from '@/pages/owners/call_window';
import { Icon, Tag } from '@/ui';
import css from '../desk.module.css';
import type { OwnerInView } from '../use_owner_in_view';

interface OwnerCardProps {
  readonly owner: OwnerInView;
  readonly shared?: number;
  readonly onChange?: () => void;
}

/** Who is on the line: level, home, relation, local time with the call window, equipment with warranty. */
export function OwnerCard({ owner, shared = 0, onChange }: OwnerCardProps) {
  const { t } = useTranslation('desk');
  return (
    <section className={`${css.owner} panel-look`} aria-label={owner.name} data-owner={owner.id}>
      <div className={css.head}>
        <h2><Link to={`/owners/${owner.id}`} style={{ color: 'inherit' }}>{owner.name}</Link></h2>
        {owner.level && owner.level !== 'standard' && <Tag tone="outline"><Icon name="tag" size={12} />{t(`common:level.${owner.level}`, { defaultValue: owner.level })}</Tag>}
      </div>
      {onChange && (
        <button type="button" className={css.change} onClick={onChange}>
          <Icon name="users" size={14} />
          {shared > 1 ? t('owner.shared', { n: shared }) : t('owner.change')}
          <kbd>Alt O</kbd>
        </button>
      )}
      <dl className="kv">
        {owner.properties.map((property) => (
          <Home key={property.id + property.address} address={property.address} relation={property.relation} since={property.since ?? null} />
        ))}
        <LocalTime number={owner.number} />
        {owner.note && <><dt>{t('owner.note')}</dt><dd>{owner.note}</dd></>}
      </dl>
      {owner.equipment.length > 0 && (
        <div>
          <h3>{t('owner.equipment')}</h3>
          <div style={{ marginTop: 8 }}>{owner.equipment.map((one) => <EquipmentRow key={one.id} one={one} />)}</div>
        </div>
      )}
    </section>
  );
}

function Home({ address, relation, since }: { readonly address: string; readonly relation: string; readonly since: string | null }) {
  const { t } = useTranslation('desk');
  const words = [relation && t(`common:relation.${relation}`, { defaultValue: relation }), since && t('owner.since', { year: since.slice(0, 4) })].filter(Boolean).join(' · ');
  return (
    <>
      <dt>{t('owner.home')}</dt>
      <dd className={css.parts}><span>{address}</span>{words && <span className="mut">{words}</span>}</dd>
    </>
  );
}

function LocalTime({ number }: { readonly number: string | null }) {
  const { t } = useTranslation('desk');
  const now = useSecond() * 1000;
  const local = number ? localTime(number, now) : null;
  if (!local) return null;
  return (
    <>
      <dt>{t('owner.local')}</dt>
      <dd className={css.parts}>
        {local.text}
        <Tag tone={local.mayCall ? 'ok' : 'soon'}>
          <Icon name={local.mayCall ? 'check' : 'clock'} size={12} />
          {local.mayCall ? t('owner.may_call', { time: clockOf(WINDOW.to) }) : t('owner.may_not_call', { time: clockOf(WINDOW.from) })}
        </Tag>
      </dd>
    </>
  );
}

function EquipmentRow({ one }: { readonly one: Equipment }) {
  const { t } = useTranslation('desk');
  const state = warranty(one.warranty_until, serverNow()).state;
  const date = one.warranty_until?.slice(0, 10) ?? '';
  return (
    <div className={css.equipment}>
      <Icon name="building" size={14} />
      <span>{one.name}</span>
      {state === 'none' ? <span /> : <Tag tone={state === 'valid' ? 'ok' : 'soon'}><Icon name={state === 'valid' ? 'shield' : 'clock'} size={12} />{t(state === 'valid' ? 'common:warranty.in' : 'common:warranty.out')}</Tag>}
      <small>{[one.model, date && t(state === 'valid' ? 'common:warranty.until' : 'common:warranty.ended', { date })].filter(Boolean).join(' · ')}</small>
    </div>
  );
}
