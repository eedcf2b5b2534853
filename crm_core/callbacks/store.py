"""Callbacks in the database."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, select

from crm_core.callbacks.models import Callback
from crm_core.callbacks.rules import CallbackState
from crm_core.callbacks.views import CallbackFilter, CallbackView
from crm_core.owners.models import Owner
from storage.cursors import Page, decode, decode_time, encode
from storage.unit_of_work import Session


async def listed(session: Session, wanted: CallbackFilter, cursor: str | None, limit: int) -> Page[CallbackView]:
    """Due first."""
    statement = select(Callback).where(*_where(wanted))
    if cursor is not None:
        at, last = decode(cursor, (str, str))
        moment = decode_time(at)
        statement = statement.where(Callback.due_at >= moment, or_(Callback.due_at > moment, Callback.id > str(last)))
    ordered = statement.order_by(Callback.due_at, Callback.id).limit(limit + 1)
    rows = list((await session.execute(ordered)).scalars())
    shown = rows[:limit]
    following = encode(shown[-1].due_at.isoformat(), shown[-1].id) if len(rows) > limit else None
    return Page(await views(session, shown), following)


async def due(session: Session, now: datetime, agents: Collection[str], of_one: int) -> list[Callback]:
    """Open and due, of these agents and of nobody; of each the newest `of_one`: no heap of old ones hides a new one."""
    newest_first = (Callback.due_at.desc(), Callback.id.desc())
    place = func.row_number().over(partition_by=Callback.agent_id, order_by=newest_first).label("place")
    ranked = (
        select(Callback.id, place)
        .where(Callback.state == CallbackState.OPEN, Callback.due_at <= now)
        .where(or_(Callback.agent_id.is_(None), Callback.agent_id.in_(sorted(agents))))
        .subquery()
    )
    statement = select(Callback).join(ranked, ranked.c.id == Callback.id).where(ranked.c.place <= of_one)
    return list((await session.execute(statement.order_by(Callback.due_at, Callback.id))).scalars())


async def views(session: Session, rows: Sequence[Callback]) -> list[CallbackView]:
    """With the owners' names."""
    owners = sorted({row.owner_id for row in rows if row.owner_id})
    found = await session.execute(select(Owner.id, Owner.name).where(Owner.id.in_(owners)))
    names = {row.id: row.name for row in found}
    return [_view(row, names.get(row.owner_id or "", "")) for row in rows]


async def view(session: Session, row: Callback) -> CallbackView:
    """One of them."""
    return (await views(session, [row]))[0]


def _where(wanted: CallbackFilter) -> list[ColumnElement[bool]]:
    where: list[ColumnElement[bool]] = []
    if wanted.state:
        where.append(Callback.state == wanted.state)
    if wanted.owner:
        where.append(Callback.owner_id == wanted.owner)
    if wanted.agent:
        where.append(or_(Callback.agent_id == wanted.agent, Callback.agent_id.is_(None)))
    return where


def _view(row: Callback, owner_name: str) -> CallbackView:
    return CallbackView(
        id=row.id,
        owner=row.owner_id,
        owner_name=owner_name,
        number=row.number,
        due_at=row.due_at,
        note=row.note,
        agent=row.agent_id,
        state=row.state,
        ticket=row.ticket_id,
        call=row.call_id,
        version=row.version,
    )
