"""Call records: one's own, one's team's, without recordings for an admin."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import AwareDatetime, BaseModel, Field

from agent_console.server import call_records
from agent_console.server.actor import Actor
from agent_console.server.auth import Who
from agent_console.server.call_records import CallFilter, Row, may_hear
from agent_console.server.deps import Has
from agent_console.server.errors import ApiError
from agent_console.server.policy import ADMIN, AGENT, ENGINEER, SUPERVISOR, allow, roles
from agent_console.server.resources.call_views import RecordingView, RecordView, record_view, recording_view
from agent_console.server.resources.schemas import Line

ROUTES = APIRouter(tags=["calls"])
READERS = roles(AGENT, ENGINEER, SUPERVISOR, ADMIN)


class CallList(BaseModel):
    """Newest first."""

    items: list[RecordView]
    next: str | None


def _recording(actor: Actor, row: Row) -> RecordingView | None:
    return recording_view(row[1]) if may_hear(actor) else None


class Asked(BaseModel):
    """The query of a list. `from` and `to` are times with a zone."""

    q: Line = ""
    queue: Line = ""
    agent: Line = ""
    since: AwareDatetime | None = Field(None, alias="from")
    until: AwareDatetime | None = Field(None, alias="to")
    cursor: str = Field("", max_length=600)


@ROUTES.get("/calls", dependencies=allow(READERS))
async def list_calls(actor: Who, deps: Has, asked: Annotated[Asked, Query()]) -> CallList:
    """A page of them."""
    wanted = CallFilter(q=asked.q.strip(), queue=asked.queue, agent=asked.agent, since=asked.since, until=asked.until)
    async with deps.uow.read() as session:
        page = await call_records.find(session, actor, wanted, asked.cursor or None)
    return CallList(items=[record_view(row, _recording(actor, row)) for row in page.items], next=page.next)


@ROUTES.get("/calls/{call}", dependencies=allow(READERS))
async def one_call(call: str, actor: Who, deps: Has) -> RecordView:
    """With its legs, its timeline of facts and what its agents said at the end."""
    async with deps.uow.read() as session:
        row = await call_records.one(session, actor, call)
        if row is None:
            raise ApiError("no_such_call")
        facts = await call_records.facts(session, [call])
        said = await call_records.wrap_ups(session, call)
    return record_view(row, _recording(actor, row), facts=facts[call], legs=True, wrap_ups=said)
