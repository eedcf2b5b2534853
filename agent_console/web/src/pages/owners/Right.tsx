import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { Equipment, Owner } from '@/api/owners';
import { serverNow } from '@/clock/ticker';
import { Due, EmptyState, Icon, Panel, Tag } from '@/ui';
import { warranty } from './activity';
import css from './owner.module.css';

export function TicketsPanel({ owner }: { readonly owner: Owner }) {
  const { t } = useTranslation(['owners', 'tickets']);
  return (
    <Panel title={t('tickets.title')} count={owner.open_tickets.length} flush>
      {owner.open_tickets.length === 0 && <EmptyState icon="ticket">{t('tickets.empty')}</EmptyState>}
      {owner.open_tickets.map((ticket) => (
        <div key={ticket.id} className="item">
          <div className="row">
            <Link to={`/tickets/${ticket.id}`}><b>{ticket.number}</b></Link>
            <span className="grow" />
            {ticket.due_at !== null && <Due at={ticket.due_at} />}
          </div>
          <span className="sm">{ticket.title} · {t(`tickets:state.${ticket.state}`)}</span>
        </div>
      ))}
    </Panel>
  );
}

export function CallbacksPanel({ owner }: { readonly owner: Owner }) {
  const { t } = useTranslation('owners');
  if (owner.callbacks.length === 0) return null;
  return (
    <Panel title={t('callbacks.title')} count={owner.callbacks.length} flush>
      {owner.callbacks.map((callback) => (
        <div key={callback.id} className={css.line}>
          <span className="cut" title={callback.note ?? ''}>{callback.note || '–'}</span>
          <Due at={callback.due_at} />
        </div>
      ))}
    </Panel>
  );
}

/** Homes, bays and what is installed there; a warranty says itself whether it still holds. */
export function PropertyPanel({ owner }: { readonly owner: Owner }) {
  const { t } = useTranslation('owners');
  const loose = owner.equipment.filter((piece) => !owner.properties.some((property) => property.id === piece.property));
  const nothing = owner.properties.length === 0 && owner.equipment.length === 0;
  return (
    <Panel title={t('properties.title')} flush>
      {nothing && <EmptyState icon="building" hint={t('properties.empty_hint')}>{t('properties.empty')}</EmptyState>}
      {owner.properties.map((property) => (
        <div key={property.id}>
          <div className={css.place}>
            <Icon name="building" size={14} />
            <b>{property.address}</b>
            <span className="mut">
              {[t(`relation.${property.relation}`, { defaultValue: property.relation }), property.since && `${t('facts.since')} ${property.since.slice(0, 7)}`].filter(Boolean).join(' · ')}
            </span>
          </div>
          {owner.equipment.filter((piece) => piece.property === property.id).map((piece) => <Piece key={piece.id} piece={piece} />)}
        </div>
      ))}
      {loose.length > 0 && <div className={css.place}>{t('properties.other')}</div>}
      {loose.map((piece) => <Piece key={piece.id} piece={piece} />)}
    </Panel>
  );
}

const SOON_DAYS = 30;

function Piece({ piece }: { readonly piece: Equipment }) {
  const { t } = useTranslation('owners');
  const { state, days } = warranty(piece.warranty_until, serverNow());
  const date = piece.warranty_until?.slice(0, 10) ?? '';
  return (
    <div className={css.line}>
      <span>{[piece.name, piece.model].filter(Boolean).join(' ')}</span>
      {state === 'none' && <span className="xs mut">{t('warranty.none')}</span>}
      {state === 'valid' && <Tag tone="ok"><Icon name="shield" size={12} />{t('warranty.until', { date })}</Tag>}
      {state === 'expired' && <Tag tone="soon"><Icon name="clock" size={12} />{t('warranty.expired', { date })}</Tag>}
      {state === 'valid' && days <= SOON_DAYS && <span className="xs mut">{t('warranty.soon', { days })}</span>}
    </div>
  );
}
