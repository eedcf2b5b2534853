"""Owners: finding, showing, quick entry, changing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from sqlalchemy import delete

from crm_core.actor import Hint
from crm_core.errors import InvalidValue, NotFound
from crm_core.numbers import NumberReason, normalise
from crm_core.owners import store
from crm_core.owners.activity import CallTables, activity
from crm_core.owners.models import Owner, OwnerPhone, OwnerProperty, Property
from crm_core.owners.search import search
from crm_core.owners.views import ActivityLine, NewOwner, NewPhone, OwnerChange, OwnerHit, OwnerView, PossibleDuplicate
from storage.base import key_of, new_id
from storage.cursors import PAGE, Page
from storage.errors import Conflict
from storage.unit_of_work import Session, UnitOfWork

MOST_DUPLICATES = 10
LEVELS = ("standard", "silver", "gold", "vip")


class Owners:
    """Use cases about owners. `calls` are others' tables, read only; `region` reads numbers without a country."""

    def __init__(self, uow: UnitOfWork, *, calls: CallTables, region: str, hint: Hint) -> None:
        self._uow = uow
        self._calls = calls
        self._region = region
        self._hint = hint

    async def search(self, query: str, cursor: str | None = None, limit: int = PAGE) -> Page[OwnerHit]:
        """Raises BadCursor."""
        async with self._uow.read() as session:
            found = await search(session, query, cursor, limit)
            return Page(await store.hits(session, found.owners), found.next)

    async def get(self, owner_id: str) -> OwnerView:
        """Raises NotFound."""
        async with self._uow.read() as session:
            return await _view(session, await _owner(session, owner_id))

    async def activity(self, owner_id: str, cursor: str | None = None, limit: int = PAGE) -> Page[ActivityLine]:
        """Raises NotFound, BadCursor."""
        async with self._uow.read() as session:
            await _owner(session, owner_id)
            return await activity(session, self._calls, owner_id, cursor, limit)

    async def possible_duplicates(self, *, name: str = "", number: str = "", address: str = "") -> list[PossibleDuplicate]:
        """Owners that a new entry may be; asked while it is typed."""
        numbers = [normalise(number, self._region).e164]
        async with self._uow.read() as session:
            reasons = await store.alike(session, name=name, numbers=numbers, address=address, limit=MOST_DUPLICATES)
            hits = await store.hits(session, list(reasons))
        return [PossibleDuplicate(hit.id, hit.name, hit.level, hit.phones, hit.address, reasons[hit.id]) for hit in hits]

    async def create(self, new: NewOwner, now: datetime) -> OwnerView:
        """Quick entry. Raises InvalidValue."""
        _check_level(new.level)
        row = Owner(
            id=new_id(),
            name=new.name,
            name_key=key_of(new.name),
            level=new.level,
            district=new.district,
            note=new.note,
            created_at=now,
            updated_at=now,
        )
        phones = self._phones(row.id, new.phones)
        async with self._uow.write() as session:
            session.add(row)
            await session.flush()
            session.add_all(phones)
            await _live_at(session, row.id, new.address)
            await store.rewrite_terms(session, row, [new.address])
            await session.flush()
            self._tell(session, row.id)
            return await _view(session, row)

    async def change(self, owner_id: str, change: OwnerChange, now: datetime) -> OwnerView:
        """Raises NotFound, InvalidValue, Conflict (somebody changed him since `version`)."""
        async with self._uow.write() as session:
            row = await _owner(session, owner_id)
            if row.version != change.version:
                raise Conflict("the owner was changed by somebody else")
            self._apply(row, change, now)
            if change.phones is not None:
                await session.execute(delete(OwnerPhone).where(OwnerPhone.owner_id == owner_id))
                session.add_all(self._phones(owner_id, change.phones))
            await session.flush()
            view = await _view(session, row)
            await store.rewrite_terms(session, row, [each.address for each in view.properties])
            self._tell(session, owner_id)
            return view

    def _apply(self, row: Owner, change: OwnerChange, now: datetime) -> None:
        if change.name is not None:
            row.name, row.name_key = change.name, key_of(change.name)
        if change.level is not None:
            _check_level(change.level)
            row.level = change.level
        if change.district is not None:
            row.district = change.district
        if change.note is not None:
            row.note = change.note
        row.updated_at = now  # touched always: a change of numbers alone raises the version, too

    def _phones(self, owner_id: str, phones: Sequence[NewPhone]) -> list[OwnerPhone]:
        rows = [self._phone(owner_id, phone, primary=place == 0) for place, phone in enumerate(phones)]
        return list({row.e164: row for row in reversed(rows)}.values())[::-1]

    def _phone(self, owner_id: str, phone: NewPhone, *, primary: bool) -> OwnerPhone:
        number = normalise(phone.number, self._region)
        if number.reason is not NumberReason.E164:
            raise InvalidValue("phones", number.reason)
        return OwnerPhone(
            id=new_id(),
            owner_id=owner_id,
            e164=number.e164,
            backwards=number.e164[::-1],
            raw=phone.number,
            label=phone.label,
            is_primary=primary,
        )

    def _tell(self, session: Session, owner_id: str) -> None:
        session.after_commit(partial(self._hint, "owners", owner_id))


async def _owner(session: Session, owner_id: str) -> Owner:
    row = await session.get(Owner, owner_id)
    if row is None:
        raise NotFound("owner")
    return row


async def _live_at(session: Session, owner_id: str, address: str) -> None:
    if not address:
        return
    home = Property(id=new_id(), address=address, address_key=key_of(address), district="")
    session.add(home)
    await session.flush()
    session.add(OwnerProperty(owner_id=owner_id, property_id=home.id, relation="owner", since=None))


def _check_level(level: str) -> None:
    if level not in LEVELS:
        raise InvalidValue("level", "unknown")


async def _view(session: Session, row: Owner) -> OwnerView:
    phones = await store.phone_views(session, row.id)
    return OwnerView(
        id=row.id,
        name=row.name,
        level=row.level,
        district=row.district,
        note=row.note,
        phones=phones,
        properties=await store.property_views(session, row.id),
        equipment=await store.equipment_views(session, row.id),
        open_tickets=await store.open_tickets(session, row.id),
        callbacks=await store.open_callbacks(session, row.id),
        same_number=await store.same_number(session, row.id, [each.e164 for each in phones]),
        created_at=row.created_at,
        version=row.version,
    )
