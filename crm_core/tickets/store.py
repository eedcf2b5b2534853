"""Tickets in the database: numbers by day, lists, history."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select

from crm_core.owners.models import Owner, OwnerTerm, Property
from crm_core.owners.terms import AFTER_LAST, words
from crm_core.people.models import User
from crm_core.tickets.models import Ticket, TicketDay, TicketEvent
from crm_core.tickets.rules import UNFINISHED, Kind
from crm_core.tickets.views import HistoryLine, TicketFilter, TicketView
from storage.cursors import Page, decode, decode_time, encode
from storage.unit_of_work import Session
from storage.upsert import insert_for

MOST_SHEETS = 200


async def next_number(session: Session, day: date) -> int:
    """The next number of the day; two writers never get the same: one statement raises and reads the counter."""
    first = insert_for(session, TicketDay).values(day=day, last=1)
    again = first.on_conflict_do_update(index_elements=["day"], set_={"last": TicketDay.last + 1}).returning(TicketDay.last)
    return int((await session.execute(again)).scalar_one())


async def lock_numbers(session: Session, day: date) -> None:
    """Whoever makes a ticket on this day waits until this transaction ends. No number is used up."""
    first = insert_for(session, TicketDay).values(day=day, last=0)
    await session.execute(first.on_conflict_do_update(index_elements=["day"], set_={"last": TicketDay.last}))


async def sheet_of_call(session: Session, call: str, user: str) -> Ticket | None:
    """The unfinished task sheet that he made of this call."""
    statement = (
        select(Ticket)
        .where(Ticket.call_id == call, Ticket.created_by == user, Ticket.kind == Kind.TASK_SHEET)
        .where(Ticket.state.in_(sorted(UNFINISHED)))
        .order_by(Ticket.created_at.desc(), Ticket.id.desc())
        .limit(1)
        .with_for_update()
    )
    return (await session.execute(statement)).scalar_one_or_none()


async def was_noted(session: Session, ticket_id: str) -> bool:
    """Whether anybody added to its note since it was made."""
    statement = select(TicketEvent.seq).where(TicketEvent.ticket_id == ticket_id, TicketEvent.code.in_(("note", "resolved")))
    return (await session.execute(statement.limit(1))).first() is not None


async def add_event(session: Session, ticket_id: str, *, at: datetime, actor: str, code: str, params: dict[str, Any]) -> None:
    """One more line of the history."""
    last = await session.execute(select(func.coalesce(func.max(TicketEvent.seq), 0)).where(TicketEvent.ticket_id == ticket_id))
    session.add(TicketEvent(ticket_id=ticket_id, seq=last.scalar_one() + 1, at=at, actor=actor, code=code, params=params))
    await session.flush()


async def history(session: Session, ticket_id: str) -> list[HistoryLine]:
    """In the order it happened."""
    statement = (
        select(TicketEvent, User.name)
        .outerjoin(User, User.id == TicketEvent.actor)
        .where(TicketEvent.ticket_id == ticket_id)
        .order_by(TicketEvent.seq)
    )
    rows = (await session.execute(statement)).all()
    return [HistoryLine(event.at, event.actor, name or "", event.code, event.params) for event, name in rows]


async def view(session: Session, row: Ticket) -> TicketView:
    """One ticket with its history."""
    (shown,) = await views(session, [row])
    lines = await history(session, row.id)
    return replace(shown, history=lines)


async def views(session: Session, rows: Sequence[Ticket]) -> list[TicketView]:
    """Lines of a list."""
    owners = await _names(session, {row.owner_id for row in rows if row.owner_id})
    addresses = await _addresses(session, {row.property_id for row in rows if row.property_id})
    return [_view(row, owners.get(row.owner_id or "", ""), addresses.get(row.property_id or "", "")) for row in rows]


async def listed(session: Session, wanted: TicketFilter, cursor: str | None, limit: int) -> Page[TicketView]:
    """Newest first."""
    statement = select(Ticket).where(*_where(wanted))
    if cursor is not None:
        at, last = decode(cursor, (str, str))
        moment = decode_time(at)
        statement = statement.where(Ticket.created_at <= moment, or_(Ticket.created_at < moment, Ticket.id < str(last)))
    ordered = statement.order_by(Ticket.created_at.desc(), Ticket.id.desc()).limit(limit + 1)
    rows = list((await session.execute(ordered)).scalars())
    shown = rows[:limit]
    following = encode(shown[-1].created_at.isoformat(), shown[-1].id) if len(rows) > limit else None
    return Page(await views(session, shown), following)


async def open_sheets(session: Session) -> list[TicketView]:
    """Task sheets that wait for or are with an engineer, soonest first."""
    statement = (
        select(Ticket)
        .where(Ticket.kind == Kind.TASK_SHEET, Ticket.state.in_(sorted(UNFINISHED)), Ticket.holder_role == "hotline_engineer")
        .order_by(Ticket.due_at, Ticket.id)
        .limit(MOST_SHEETS)
    )
    return await views(session, list((await session.execute(statement)).scalars()))


def _where(wanted: TicketFilter) -> list[ColumnElement[bool]]:
    where: list[ColumnElement[bool]] = []
    if wanted.state == "unfinished":
        where.append(Ticket.state.in_(sorted(UNFINISHED)))
    elif wanted.state:
        where.append(Ticket.state == wanted.state)
    if wanted.owner:
        where.append(Ticket.owner_id == wanted.owner)
    if wanted.holder:
        waiting = and_(Ticket.holder_agent.is_(None), Ticket.holder_role == wanted.holder_role)
        where.append(or_(Ticket.holder_agent == wanted.holder, waiting))
    return where + _search(wanted.query)


def _search(query: str) -> list[ColumnElement[bool]]:
    """`T-1123-…` and its beginnings are numbers; everything else is an owner's name or address. Ranges, no LIKE."""
    found = words(query)
    if not found:
        return []
    number = found[0].upper()
    if number.startswith("T-"):
        return [Ticket.number >= number, Ticket.number < number + AFTER_LAST]
    owners = select(OwnerTerm.owner_id).where(OwnerTerm.term >= found[0], OwnerTerm.term < found[0] + AFTER_LAST)
    return [Ticket.owner_id.in_(owners)]


async def _names(session: Session, owners: set[str]) -> dict[str, str]:
    rows = await session.execute(select(Owner.id, Owner.name).where(Owner.id.in_(sorted(owners))))
    return {row.id: row.name for row in rows}


async def _addresses(session: Session, properties: set[str]) -> dict[str, str]:
    rows = await session.execute(select(Property.id, Property.address).where(Property.id.in_(sorted(properties))))
    return {row.id: row.address for row in rows}


def _view(row: Ticket, owner_name: str, address: str) -> TicketView:
    return TicketView(
        id=row.id,
        number=row.number,
        kind=row.kind,
        title=row.title,
        state=row.state,
        owner=row.owner_id,
        owner_name=owner_name,
        property=row.property_id,
        address=address,
        equipment=row.equipment,
        symptom=row.symptom,
        since_when=row.since_when,
        service_mode=row.service_mode,
        priority=row.priority,
        note=row.note,
        phone=row.phone,
        holder_role=row.holder_role,
        holder_agent=row.holder_agent,
        due_at=row.due_at,
        created_at=row.created_at,
        created_by=row.created_by,
        call=row.call_id,
        history=[],
        version=row.version,
    )
