"""Owners in the database: what a page and a list show."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import delete, func, select

from crm_core.callbacks.models import Callback
from crm_core.owners.models import Equipment, Owner, OwnerPhone, OwnerProperty, OwnerTerm, Property
from crm_core.owners.terms import terms_of
from crm_core.owners.views import CallbackLine, EquipmentView, OwnerHit, PhoneView, PropertyView, SameNumber, TicketLine
from crm_core.tickets.models import Ticket
from crm_core.tickets.rules import UNFINISHED
from storage.base import key_of
from storage.unit_of_work import Session

MOST_SHOWN = 50


async def hits(session: Session, owners: Sequence[str]) -> list[OwnerHit]:
    """Lines for these owners, in this order."""
    if not owners:
        return []
    rows = {row.id: row for row in (await session.execute(select(Owner).where(Owner.id.in_(owners)))).scalars()}
    numbers: dict[str, list[str]] = {}
    for phone in await phones(session, owners):
        numbers.setdefault(phone.owner_id, []).append(phone.e164 or phone.raw)
    addresses = await first_addresses(session, owners)
    known = [rows[owner] for owner in owners if owner in rows]
    return [OwnerHit(row.id, row.name, row.level, numbers.get(row.id, []), addresses.get(row.id, "")) for row in known]


async def phones(session: Session, owners: Sequence[str]) -> list[OwnerPhone]:
    """Numbers of these owners, the primary ones first."""
    statement = select(OwnerPhone).where(OwnerPhone.owner_id.in_(owners))
    return list((await session.execute(statement.order_by(OwnerPhone.is_primary.desc(), OwnerPhone.id))).scalars())


async def first_addresses(session: Session, owners: Sequence[str]) -> dict[str, str]:
    """One address for each owner who has any."""
    statement = (
        select(OwnerProperty.owner_id, Property.address)
        .join(Property, Property.id == OwnerProperty.property_id)
        .where(OwnerProperty.owner_id.in_(owners))
        .order_by(OwnerProperty.owner_id, OwnerProperty.relation != "owner", Property.address_key.desc())
    )
    return {row[0]: row[1] for row in reversed((await session.execute(statement)).all())}


async def phone_views(session: Session, owner: str) -> list[PhoneView]:
    """An owner's numbers; how many others have each."""
    own = await phones(session, [owner])
    numbers = [phone.e164 for phone in own if phone.e164]
    counted = select(OwnerPhone.e164, func.count(OwnerPhone.owner_id.distinct())).where(OwnerPhone.e164.in_(numbers))
    shared: dict[str, int] = {row[0]: row[1] for row in await session.execute(counted.group_by(OwnerPhone.e164))}
    return [
        PhoneView(each.id, each.e164 or each.raw, each.label, each.is_primary, max(shared.get(each.e164, 1) - 1, 0))
        for each in own
    ]


async def same_number(session: Session, owner: str, numbers: Iterable[str]) -> list[SameNumber]:
    """Other owners of these numbers."""
    statement = (
        select(OwnerPhone.owner_id, OwnerPhone.e164, Owner.name)
        .join(Owner, Owner.id == OwnerPhone.owner_id)
        .where(OwnerPhone.e164.in_([number for number in numbers if number]), OwnerPhone.owner_id != owner)
        .order_by(Owner.name_key, Owner.id)
        .limit(MOST_SHOWN)
    )
    rows = {row.owner_id: row for row in await session.execute(statement)}
    addresses = await first_addresses(session, list(rows))
    return [SameNumber(row.owner_id, row.name, addresses.get(row.owner_id, ""), row.e164) for row in rows.values()]


async def property_views(session: Session, owner: str) -> list[PropertyView]:
    """Where he lives or owns."""
    statement = (
        select(Property.id, Property.address, OwnerProperty.relation, OwnerProperty.since)
        .join(OwnerProperty, OwnerProperty.property_id == Property.id)
        .where(OwnerProperty.owner_id == owner)
        .order_by(OwnerProperty.relation != "owner", Property.address_key)
        .limit(MOST_SHOWN)
    )
    return [PropertyView(*row) for row in await session.execute(statement)]


async def equipment_views(session: Session, owner: str) -> list[EquipmentView]:
    """What stands there."""
    statement = (
        select(Equipment.id, Equipment.name, Equipment.model, Equipment.property_id, Equipment.warranty_until)
        .where(Equipment.owner_id == owner)
        .order_by(Equipment.property_id, Equipment.name)
        .limit(MOST_SHOWN)
    )
    return [EquipmentView(*row) for row in await session.execute(statement)]


async def open_tickets(session: Session, owner: str) -> list[TicketLine]:
    """What is not finished, soonest first."""
    statement = (
        select(Ticket.id, Ticket.number, Ticket.title, Ticket.state, Ticket.due_at)
        .where(Ticket.owner_id == owner, Ticket.state.in_(sorted(UNFINISHED)))
        .order_by(Ticket.due_at, Ticket.id)
        .limit(MOST_SHOWN)
    )
    return [TicketLine(*row) for row in await session.execute(statement)]


async def open_callbacks(session: Session, owner: str) -> list[CallbackLine]:
    """What was promised, soonest first."""
    statement = select(Callback.id, Callback.due_at, Callback.note).where(Callback.owner_id == owner, Callback.state == "open")
    rows = await session.execute(statement.order_by(Callback.due_at).limit(MOST_SHOWN))
    return [CallbackLine(*row) for row in rows]


async def rewrite_terms(session: Session, owner: Owner, addresses: Iterable[str]) -> None:
    """What the owner is found by, anew."""
    await session.execute(delete(OwnerTerm).where(OwnerTerm.owner_id == owner.id))
    session.add_all(OwnerTerm(term=term, owner_id=owner.id) for term in terms_of(owner.name, addresses))


async def alike(session: Session, *, name: str, numbers: Sequence[str], address: str, limit: int) -> dict[str, list[str]]:
    """Owners that a new entry may be, with the reasons; those with more reasons first."""
    found: dict[str, list[str]] = {}
    for reason, statement in (
        ("same_number", select(OwnerPhone.owner_id).where(OwnerPhone.e164.in_([each for each in numbers if each]))),
        ("same_name", select(Owner.id).where(Owner.name_key == key_of(name), Owner.name_key != "")),
        (
            "same_address",
            select(OwnerProperty.owner_id)
            .join(Property, Property.id == OwnerProperty.property_id)
            .where(Property.address_key == key_of(address), Property.address_key != ""),
        ),
    ):
        for owner in (await session.execute(statement.distinct().limit(limit))).scalars():
            found.setdefault(owner, []).append(reason)
    return dict(sorted(found.items(), key=lambda entry: -len(entry[1]))[:limit])
