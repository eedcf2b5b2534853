import { ActionIcon, Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { Owner, PhoneNumber } from '@/api/owners';
import { phoneNumber } from '@/clock/format';
import { EmptyState, Icon, Panel, Tag } from '@/ui';
import css from './owner.module.css';
import type { Dial } from './use_dial';

export function FactsPanel({ owner, onEdit }: { readonly owner: Owner; readonly onEdit: (() => void) | null }) {
  const { t } = useTranslation('owners');
  const edit = onEdit !== null && <Button size="xs" variant="subtle" onClick={onEdit} leftSection={<Icon name="pencil" size={14} />}>{t('edit')}</Button>;
  return (
    <Panel title={t('facts.title')} aside={edit}>
      <dl className="kv">
        <dt>{t('facts.level')}</dt><dd>{t(`level.${owner.level || 'none'}`, { defaultValue: owner.level ?? '' })}</dd>
        <dt>{t('facts.district')}</dt><dd>{owner.district || t('facts.none')}</dd>
        <dt>{t('facts.note')}</dt><dd>{owner.note || t('facts.none')}</dd>
      </dl>
    </Panel>
  );
}

interface NumbersProps {
  readonly owner: Owner;
  readonly dial: Dial | null;
  readonly onRing: (number: string) => void;
}

export function NumbersPanel({ owner, dial, onRing }: NumbersProps) {
  const { t } = useTranslation('owners');
  return (
    <Panel title={t('numbers.title')} count={owner.phones.length} flush>
      {owner.phones.length === 0 && <EmptyState icon="phone" hint={t('numbers.empty_hint')}>{t('numbers.empty')}</EmptyState>}
      {owner.phones.map((phone) => (
        <div key={phone.id} className={css.line}>
          <span className="num">
            {phone.primary ? <b>{phoneNumber(phone.e164)}</b> : phoneNumber(phone.e164)}
            <br />
            <span className="xs mut">{words(phone, t)}</span>
          </span>
          {phone.label === 'do_not_call' ? (
            <Tag tone="late"><Icon name="x" size={12} />{t('label.do_not_call')}</Tag>
          ) : (
            dial && (
              <ActionIcon variant="default" size={28} aria-label={t('call_number', { number: phoneNumber(phone.e164) })} disabled={dial.whyNot !== null || dial.dialling !== null} onClick={() => onRing(phone.e164)}>
                <Icon name="phone" size={14} />
              </ActionIcon>
            )
          )}
        </div>
      ))}
    </Panel>
  );
}

function words(phone: PhoneNumber, t: (key: string, params?: Record<string, unknown>) => string): string {
  const label = phone.label ? t(`label.${phone.label}`, { defaultValue: phone.label }) : '';
  const shared = phone.shared_by ? t('shared.count', { count: phone.shared_by }) : '';
  return [label, shared].filter(Boolean).join(' · ');
}

export function SamePanel({ owner }: { readonly owner: Owner }) {
  const { t } = useTranslation('owners');
  const same = owner.same_number ?? [];
  if (same.length === 0) return null;
  return (
    <Panel title={t('shared.title')} count={same.length} flush>
      {same.map((other) => (
        <div key={other.owner + other.number} className={css.line}>
          <span>
            <Link to={`/owners/${other.owner}`}>{other.name}</Link>
            <br />
            <span className="xs mut">{other.address || phoneNumber(other.number)}</span>
          </span>
        </div>
      ))}
    </Panel>
  );
}
