"""What `carillon call` and `carillon calls` ask with the key in `run/cli.token`: whole records with their files."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BaseModel

from agent_console.server import call_records
from agent_console.server.call_records import CallFilter, Row
from agent_console.server.deps import Deps, Has
from agent_console.server.errors import ApiError
from agent_console.server.policy import CLI, allow
from agent_console.server.resources.call_views import RecordingView, RecordView, record_view, recording_view
from cti.calls.facts import FactKind
from cti.store.models import CallFact
from recordings.errors import RecordingError
from recordings.models import Recording

ROUTES = APIRouter(prefix="/cli", tags=["cli"])
OVER = ("final", "partial", "failed")


class CliCalls(BaseModel):
    """Newest first."""

    items: list[RecordView]


class CliCall(BaseModel):
    """`answered`: an agent took it, never the IVR. `final`: ended, and the recording is final or there is none."""

    state: str
    answered: bool
    ended: bool
    final: bool
    record: RecordView | None


@ROUTES.get("/calls", dependencies=allow(CLI))
async def last_calls(deps: Has, last: Annotated[int, Query(ge=1, le=1000)] = 20) -> CliCalls:
    """The last ones, whole."""
    async with deps.uow.read() as session:
        page = await call_records.find(session, None, CallFilter(), None, last)
        facts = await call_records.facts(session, [row[0].id for row in page.items])
    return CliCalls(items=[_whole(deps, row, facts[row[0].id]) for row in page.items])


@ROUTES.get("/calls/by-sip-call-id/{sip_call_id:path}", dependencies=allow(CLI))
async def by_sip_call_id(sip_call_id: str, deps: Has) -> CliCall:
    """As far as it is known: the core says now, the record what was written."""
    async with deps.uow.read() as session:
        row = await call_records.by_sip_call_id(session, sip_call_id)
        facts = (await call_records.facts(session, [row[0].id]))[row[0].id] if row is not None else []
    live = _live(deps, sip_call_id, row)
    if row is None and live is None:
        raise ApiError("no_such_call")
    return CliCall(
        state=str(live["state"]) if live is not None else row[0].state if row is not None else "new",
        answered=_answered(row, live),
        ended=_ended(row, live),
        final=row is not None and _final(row, facts),
        record=_whole(deps, row, facts) if row is not None else None,
    )


def _live(deps: Deps, sip_call_id: str, row: Row | None) -> dict[str, Any] | None:
    for call in deps.console.house.of("call").values():
        if call.get("sip_call_id") == sip_call_id or (row is not None and call["id"] == row[0].id):
            return dict(call)
    return None


def _answered(row: Row | None, live: dict[str, Any] | None) -> bool:
    return (row is not None and row[0].answered_at is not None) or (live is not None and bool(live.get("answered_at")))


def _ended(row: Row | None, live: dict[str, Any] | None) -> bool:
    return (row is not None and row[0].ended_at is not None) or (live is not None and live.get("state") in {"ended", "wrap_up"})


def _final(row: Row, facts: list[CallFact]) -> bool:
    """Whether a recording was begun is told by the facts: its row in the catalogue may come later."""
    record, recording = row.record, row.recording
    if record.ended_at is None:
        return False
    kinds = {fact.kind for fact in facts}
    if FactKind.RECORDING_FINISHED in kinds:
        return recording is not None
    return FactKind.RECORDING_STARTED not in kinds and (recording is None or recording.status in OVER)


def _whole(deps: Deps, row: Row, facts: list[CallFact]) -> RecordView:
    return record_view(row, _recording(deps, row[1]), facts=facts, legs=True)


def _recording(deps: Deps, recording: Recording | None) -> RecordingView | None:
    """Only a finished one has a file."""
    if recording is None or recording.status not in OVER or not recording.file:
        return None
    try:
        return recording_view(recording, file=str(deps.recordings.path(recording.file)))
    except RecordingError:
        return None
