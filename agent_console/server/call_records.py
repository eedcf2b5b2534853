"""Call records as the console reads them: the core writes the tables, this selects. Who may see what is in the query."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, exists, false, func, or_, select, true

from agent_console.server.actor import Actor
from agent_console.server.call_search import alternatives
from agent_console.server.models import WrapUp
from crm_core.owners.models import Owner
from crm_core.people.models import User
from crm_core.people.service import Role
from cti.calls.facts import FactKind
from cti.store.models import Agent, CallFact, CallParty, CallRecord
from recordings.models import Recording
from storage.cursors import PAGE, Page, decode, decode_time, encode
from storage.unit_of_work import Session


class Row(NamedTuple):
    """A record and what belongs to it. `disposition`: what the core heard, else what was said when it did not listen any more."""

    record: CallRecord
    recording: Recording | None
    owner_name: str | None  # None when he is not known or was erased
    disposition: str | None


_SAID = (
    select(WrapUp.disposition)
    .where(WrapUp.call_id == CallRecord.id)
    .order_by(WrapUp.created_at.desc())
    .limit(1)
    .correlate(CallRecord)
    .scalar_subquery()
)
_SELECTED = (
    select(CallRecord, Recording, Owner.name, func.coalesce(CallRecord.disposition, _SAID))
    .outerjoin(Recording, Recording.call_id == CallRecord.id)
    .outerjoin(Owner, Owner.id == CallRecord.owner_id)
)
_NEWEST_FIRST = (CallRecord.started_at.desc(), CallRecord.id.desc())


@dataclass(frozen=True, slots=True, kw_only=True)
class CallFilter:
    """Empty: not asked for."""

    q: str = ""
    queue: str = ""
    agent: str = ""
    since: datetime | None = None
    until: datetime | None = None


def visible(actor: Actor) -> ColumnElement[bool]:
    """Own calls at the desk, also those given away; the team's for a supervisor, all for an admin; nothing for anybody else."""
    if actor.role in {Role.AGENT, Role.HOTLINE_ENGINEER} and actor.agent:
        return _had(actor.agent)
    if actor.role is Role.SUPERVISOR and actor.team:
        own = select(Agent.id).join(User, User.id == Agent.user_id).where(User.team_id == actor.team)
        return or_(CallRecord.team_id == actor.team, CallRecord.agent_id.in_(own))
    if actor.role is Role.ADMIN:
        return CallRecord.id.is_not(None)
    return false()


def _had(agent: str) -> ColumnElement[bool]:
    """He had the customer on the line, or was consulted: by an index of his calls, as long as his list and no longer."""
    return CallRecord.id.in_(select(CallParty.call_id).where(CallParty.agent_id == agent))


def may_hear(actor: Actor) -> bool:
    """Of the calls that are visible to him: the team's supervisor and the call's agents; an admin reads without recordings."""
    return actor.role in {Role.SUPERVISOR, Role.AGENT, Role.HOTLINE_ENGINEER}


async def find(session: Session, actor: Actor | None, wanted: CallFilter, cursor: str | None, limit: int = PAGE) -> Page[Row]:
    """Newest first. `actor` None: the command line, which sees all. Raises BadCursor."""
    among = _asked(wanted) if actor is None else [*_asked(wanted), visible(actor)]
    ways = await alternatives(session, wanted.q, among) if wanted.q else [true()]
    older = _older(cursor)
    found: dict[str, Row] = {}
    for way in ways:
        statement = _SELECTED.where(*among, *older, way).order_by(*_NEWEST_FIRST).limit(limit + 1)
        found.update({row[0].id: Row(*row) for row in await session.execute(statement)})
    rows = sorted(found.values(), key=lambda row: (row[0].started_at, row[0].id), reverse=True)
    shown = rows[:limit]
    following = encode(shown[-1][0].started_at.isoformat(), shown[-1][0].id) if len(rows) > limit else None
    return Page(shown, following)


def _older(cursor: str | None) -> list[ColumnElement[bool]]:
    if cursor is None:
        return []
    at, last = decode(cursor, (str, str))
    moment = decode_time(at)
    return [or_(CallRecord.started_at < moment, and_(CallRecord.started_at == moment, CallRecord.id < str(last)))]


def _asked(wanted: CallFilter) -> list[ColumnElement[bool]]:
    """All but the search's words."""
    asked: list[ColumnElement[bool]] = []
    if wanted.queue:
        asked.append(CallRecord.queue == wanted.queue)
    if wanted.agent:
        asked.append(_had(wanted.agent))
    if wanted.since is not None:
        asked.append(CallRecord.started_at >= wanted.since)
    if wanted.until is not None:
        asked.append(CallRecord.started_at < wanted.until)
    return asked


async def one(session: Session, actor: Actor | None, call: str) -> Row | None:
    """None: no such call, or not for him: the answer does not say which."""
    statement = _SELECTED.where(CallRecord.id == call)
    if actor is not None:
        statement = statement.where(visible(actor))
    row = (await session.execute(statement)).first()
    return None if row is None else Row(*row)


async def handled(session: Session, agent: str, call: str) -> CallRecord | None:
    """A call that was his to wrap up, whoever has it later. Who was only consulted reads its record and has nothing to say."""
    had = (FactKind.CALL_ANSWERED, FactKind.CONSULT_COMPLETED)  # the second: of who gave it away, also an engineer
    took = exists().where(CallFact.call_id == call, CallFact.agent_id == agent, CallFact.kind.in_(had))
    his = or_(CallRecord.agent_id == agent, CallRecord.engineer_id == agent, took)
    record: CallRecord | None = await session.scalar(select(CallRecord).where(CallRecord.id == call, his))
    return record


async def by_sip_call_id(session: Session, sip_call_id: str) -> Row | None:
    """The newest call with this SIP Call-ID."""
    newest = CallRecord.started_at.desc()
    statement = _SELECTED.where(CallRecord.sip_call_id == sip_call_id).order_by(newest).limit(1)
    row = (await session.execute(statement)).first()
    return None if row is None else Row(*row)


async def facts(session: Session, calls: Sequence[str]) -> dict[str, list[CallFact]]:
    """Of each call, in the journal's order."""
    found: dict[str, list[CallFact]] = {call: [] for call in calls}
    statement = select(CallFact).where(CallFact.call_id.in_(calls)).order_by(CallFact.seq)
    for fact in (await session.execute(statement)).scalars():
        found[str(fact.call_id)].append(fact)
    return found


async def wrap_ups(session: Session, call: str) -> Sequence[WrapUp]:
    """What each of its agents said at the end, in that order."""
    statement = select(WrapUp).where(WrapUp.call_id == call).order_by(WrapUp.created_at, WrapUp.agent_id)
    return (await session.scalars(statement)).all()
