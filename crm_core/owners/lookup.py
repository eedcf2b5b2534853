"""Who is calling: everything the screen pop shows about the owners of a number, in one statement on a held connection.

The call path waits 300 ms for it (`Limits.owner_lookup`); a second round trip costs as much as the whole statement.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, FromClause, bindparam, literal_column, select

from crm_core.callbacks.models import Callback
from crm_core.owners.models import Equipment, Owner, OwnerPhone, OwnerProperty, Property
from crm_core.owners.rules import Found, Json, candidate, rank
from crm_core.tickets.models import Ticket
from crm_core.tickets.rules import FINISHED
from storage.base import AnySelect
from storage.held_reader import HeldReader, prepare
from storage.json_rows import json_rows, load_rows

MOST_OWNERS: ColumnElement[int] = literal_column("20")  # a switchboard's number may belong to hundreds; an agent reads a handful
MOST_OF_EACH: ColumnElement[int] = literal_column("10")
MOST_CALLS: ColumnElement[int] = literal_column("5")
# In the words of the partial index, so that it is used; the few rows are sorted here, a sort there costs more.
UNFINISHED_TICKET = Ticket.state.not_in([literal_column(f"'{state}'") for state in sorted(FINISHED)])


class NumberLookup:
    """`cti.ports.owners.OwnerLookup` on the business database.

    `call_records` is the core's table, handed in by the wiring: this package does not know cti.
    """

    def __init__(self, reader: HeldReader, call_records: FromClause, now: Callable[[], datetime]) -> None:
        self._reader = reader
        self._statement = prepare(_statement(reader.dialect.name, call_records), reader.dialect)
        self._now = now

    async def candidates(self, e164: str) -> Sequence[Mapping[str, Json]]:
        """Ranked owners of a number, best first; [] = unknown number. Raises DatabaseAway."""
        if not e164:
            return []
        rows = await self._reader.rows(self._statement, {"e164": e164})
        found = {row[0]: _found(row) for row in rows}
        return [candidate(each, reason) for each, reason in rank(list(found.values()), self._now())]

    async def close(self) -> None:
        """Give the held connection back."""
        await self._reader.close()


PROPERTIES = ("id", "address", "relation")
EQUIPMENT = ("id", "name", "model", "warranty_until")
OPEN_TICKETS = ("id", "number", "title", "state", "due_at")
LAST_CALLS = ("id", "at", "direction", "disposition", "agent")
CALLBACKS = ("id", "due_at", "note")


def _statement(dialect: str, call_records: FromClause) -> AnySelect:
    lists = (_properties(), _equipment(), _open_tickets(), _last_calls(call_records), _callbacks())
    return (
        select(
            Owner.id,
            Owner.name,
            Owner.level,
            OwnerPhone.is_primary,
            *(json_rows(dialect, rows) for rows in lists),
        )
        .join(OwnerPhone, OwnerPhone.owner_id == Owner.id)
        .where(OwnerPhone.e164 == bindparam("e164"))
        .order_by(OwnerPhone.owner_id)
        .limit(MOST_OWNERS)
    )


def _properties() -> AnySelect:
    return (
        select(Property.id, Property.address, OwnerProperty.relation)
        .join(OwnerProperty, OwnerProperty.property_id == Property.id)
        .where(OwnerProperty.owner_id == Owner.id)
        .limit(MOST_OF_EACH)
        .correlate(Owner)
    )


def _equipment() -> AnySelect:
    return (
        select(Equipment.id, Equipment.name, Equipment.model, Equipment.warranty_until)
        .where(Equipment.owner_id == Owner.id)
        .limit(MOST_OF_EACH)
        .correlate(Owner)
    )


def _open_tickets() -> AnySelect:
    return (
        select(Ticket.id, Ticket.number, Ticket.title, Ticket.state, Ticket.due_at)
        .where(Ticket.owner_id == Owner.id, UNFINISHED_TICKET)
        .limit(MOST_OF_EACH)
        .correlate(Owner)
    )


def _last_calls(calls: FromClause) -> AnySelect:
    return (
        select(calls.c.id, calls.c.started_at, calls.c.direction, calls.c.disposition, calls.c.agent_id)
        .where(calls.c.owner_id == Owner.id)
        .order_by(calls.c.started_at.desc())
        .limit(MOST_CALLS)
        .correlate(Owner)
    )


def _callbacks() -> AnySelect:
    return (
        select(Callback.id, Callback.due_at, Callback.note)
        .where(Callback.owner_id == Owner.id, Callback.state == literal_column("'open'"))
        .order_by(Callback.due_at)
        .limit(MOST_CALLS)
        .correlate(Owner)
    )


def _found(row: tuple[Any, ...]) -> Found:
    owner_id, name, level, primary, properties, equipment, open_tickets, last_calls, callbacks = row
    return Found(
        id=owner_id,
        name=name,
        level=level,
        primary=bool(primary),
        properties=load_rows(properties, PROPERTIES),
        equipment=load_rows(equipment, EQUIPMENT),
        open_tickets=sorted(load_rows(open_tickets, OPEN_TICKETS), key=_due),
        last_calls=load_rows(last_calls, LAST_CALLS),
        callbacks=load_rows(callbacks, CALLBACKS),
    )


def _due(ticket: dict[str, Any]) -> tuple[bool, str]:
    """Soonest first, those without a clock last."""
    return ticket["due_at"] is None, ticket["due_at"] or ""
