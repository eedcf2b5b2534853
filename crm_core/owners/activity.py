"""Everything that happened with an owner, newest first: calls, tickets, callbacks merged."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from sqlalchemy import ColumnElement, FromClause, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from crm_core.callbacks.models import Callback
from crm_core.owners.views import ActivityLine
from crm_core.tickets.models import Ticket
from storage.cursors import Page, decode, decode_time, encode
from storage.unit_of_work import Session

NOTE_SHOWN = 200  # characters of a call's note in a line; its record has all of it
Before = tuple[datetime, str] | None
Value = TypeVar("Value")
Column = ColumnElement[Value] | InstrumentedAttribute[Value]


@dataclass(frozen=True, slots=True)
class CallTables:
    """The core's call records and the console's wrap-ups, handed in by the wiring: this package knows neither."""

    records: FromClause
    wrap_ups: FromClause


async def activity(session: Session, calls: CallTables, owner: str, cursor: str | None, limit: int) -> Page[ActivityLine]:
    """One page; each kind is asked for a whole page, as any of them may fill it alone."""
    before = _before(cursor)
    lines = [
        *await _calls(session, calls, owner, before, limit + 1),
        *await _tickets(session, owner, before, limit + 1),
        *await _callbacks(session, owner, before, limit + 1),
    ]
    return _page(lines, limit)


def _page(lines: Iterable[ActivityLine], limit: int) -> Page[ActivityLine]:
    ordered = sorted(lines, key=lambda line: (line.at, line.id), reverse=True)
    shown = ordered[:limit]
    more = len(ordered) > limit
    return Page(shown, encode(shown[-1].at.isoformat(), shown[-1].id) if more else None)


def _before(cursor: str | None) -> Before:
    if cursor is None:
        return None
    at, last = decode(cursor, (str, str))
    return decode_time(at), str(last)


def _older(at: Column[datetime], row: Column[str], before: Before) -> list[ColumnElement[bool]]:
    if before is None:
        return []
    moment, last = before
    return [at <= moment, or_(at < moment, row < last)]


def _note(calls: CallTables) -> ColumnElement[str]:
    """The beginning of what was noted last: a call may have a wrap-up of each who had it."""
    w = calls.wrap_ups.c
    newest = select(func.substr(w.note, 1, NOTE_SHOWN)).where(w.call_id == calls.records.c.id, w.note != "")
    return newest.order_by(w.created_at.desc()).limit(1).correlate(calls.records).scalar_subquery().label("note")


async def _calls(session: Session, calls: CallTables, owner: str, before: Before, limit: int) -> list[ActivityLine]:
    c = calls.records.c
    told = (c.id, c.started_at, c.direction, c.queue, c.agent_id, c.disposition, c.wait_s, c.talk_s, c.ended_by, c.state)
    statement = (
        select(*told, _note(calls))
        .where(
            c.owner_id == owner, c.ended_at.is_not(None), *_older(c.started_at, c.id, before)
        )  # a call under way is no history
        .order_by(c.started_at.desc(), c.id.desc())
        .limit(limit)
    )
    return [
        ActivityLine(
            kind="call",
            at=row.started_at,
            id=row.id,
            direction=row.direction,
            queue=row.queue,
            agent=row.agent_id,
            disposition=row.disposition,
            wait_s=row.wait_s,
            talk_s=row.talk_s,
            ended_by=row.ended_by,
            state=row.state,
            note=row.note,
        )
        for row in await session.execute(statement)
    ]


async def _tickets(session: Session, owner: str, before: Before, limit: int) -> list[ActivityLine]:
    statement = (
        select(Ticket.id, Ticket.created_at, Ticket.number, Ticket.title, Ticket.state, Ticket.holder_agent)
        .where(Ticket.owner_id == owner, *_older(Ticket.created_at, Ticket.id, before))
        .order_by(Ticket.created_at.desc(), Ticket.id.desc())
        .limit(limit)
    )
    return [
        ActivityLine(
            kind="ticket",
            at=row.created_at,
            id=row.id,
            number=row.number,
            title=row.title,
            state=row.state,
            agent=row.holder_agent,
        )
        for row in await session.execute(statement)
    ]


async def _callbacks(session: Session, owner: str, before: Before, limit: int) -> list[ActivityLine]:
    statement = (
        select(Callback.id, Callback.due_at, Callback.note, Callback.state, Callback.agent_id)
        .where(Callback.owner_id == owner, *_older(Callback.due_at, Callback.id, before))
        .order_by(Callback.due_at.desc(), Callback.id.desc())
        .limit(limit)
    )
    return [
        ActivityLine(kind="callback", at=row.due_at, id=row.id, note=row.note, state=row.state, agent=row.agent_id)
        for row in await session.execute(statement)
    ]
