"""The call record as it leaves (docs/protocol.md section 5)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pydantic import BaseModel, Field

from agent_console.server.call_records import Row
from agent_console.server.models import WrapUp
from cti.store.models import CallFact
from recordings.models import Recording
from storage.base import iso


class RecordingView(BaseModel):
    """`file` only on the command line."""

    seconds: float
    channels: int
    status: str
    file: str | None = None


class WrapUpView(BaseModel):
    """What one of its agents said at the end of his time with a call."""

    agent: str
    at: str | None
    disposition: str
    note: str


class RecordView(BaseModel):
    """One call. `legs`, `facts` and `wrap_ups` only where one call is asked for."""

    id: str
    direction: str
    from_: str = Field(serialization_alias="from")
    from_name: str
    to: str
    queue: str | None
    agent: str | None
    engineer: str | None
    wait_s: float
    talk_s: float
    hold_s: float
    started_at: str | None
    answered_at: str | None
    ended_at: str | None
    ended_by: str | None
    end_reason: str | None
    language: str | None
    disposition: str | None
    owner: str | None
    owner_name: str | None
    ticket: str | None
    callback: str | None
    sip_call_id: str
    rebuilt: bool
    recording: RecordingView | None
    legs: list[dict[str, Any]] | None = None
    facts: list[dict[str, Any]] | None = None
    wrap_ups: list[WrapUpView] | None = None


def wrap_up_view(row: WrapUp) -> WrapUpView:
    """Of a row."""
    return WrapUpView(agent=row.agent_id, at=iso(row.created_at), disposition=row.disposition, note=row.note)


def fact_view(fact: CallFact) -> dict[str, Any]:
    """`{at, kind, …}`."""
    who = {"agent": fact.agent_id} if fact.agent_id else {}
    return {**fact.data, **who, "at": iso(fact.at), "kind": fact.kind}


def recording_view(recording: Recording | None, *, file: str | None = None) -> RecordingView | None:
    """None: there is none."""
    if recording is None:
        return None
    return RecordingView(seconds=recording.seconds, channels=recording.channels, status=recording.status, file=file)


def record_view(
    row: Row,
    recording: RecordingView | None,
    *,
    facts: Sequence[CallFact] | None = None,
    legs: bool = False,
    wrap_ups: Sequence[WrapUp] | None = None,
) -> RecordView:
    """One record. Whoever reads calls may read owners, too: names are not masked."""
    record = row.record
    return RecordView(
        id=record.id,
        direction=record.direction,
        from_=record.from_e164 or record.from_raw,
        from_name=record.from_name,
        to=record.to_number,
        queue=record.queue,
        agent=record.agent_id,
        engineer=record.engineer_id,
        wait_s=record.wait_s,
        talk_s=record.talk_s,
        hold_s=record.hold_s,
        started_at=iso(record.started_at),
        answered_at=iso(record.answered_at),
        ended_at=iso(record.ended_at),
        ended_by=record.ended_by,
        end_reason=record.end_reason,
        language=record.language,
        disposition=row.disposition,
        owner=record.owner_id,
        owner_name=row.owner_name,
        ticket=record.ticket_id,
        callback=record.callback_id,
        sip_call_id=record.sip_call_id,
        rebuilt=record.rebuilt,
        recording=recording,
        legs=list(record.legs) if legs else None,
        facts=None if facts is None else [fact_view(fact) for fact in facts],
        wrap_ups=None if wrap_ups is None else [wrap_up_view(each) for each in wrap_ups],
    )
