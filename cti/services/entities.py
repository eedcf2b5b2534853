"""Entities as the consoles see them (docs/protocol.md section 2): pure views of the core's state."""

from __future__ import annotations

from datetime import datetime, timedelta

from cti.calls.call_states import CallState
from cti.calls.facts import JsonValue
from cti.services.house import House
from cti.services.state import Agent, Call


def iso(at: datetime | None) -> str | None:
    """ISO 8601 UTC with Z."""
    return None if at is None else at.isoformat().replace("+00:00", "Z")


def agent_entity(agent: Agent) -> dict[str, JsonValue]:
    """One agent."""
    following: JsonValue = {"state": agent.next[0].value, "reason": agent.next[1]} if agent.next else None
    skills: dict[str, JsonValue] = dict(agent.skills)
    return {
        "id": agent.id,
        "user": agent.user,
        "name": agent.name,
        "number": agent.number,
        "role": agent.role,
        "team": agent.team,
        "state": agent.state.value,
        "reason": agent.reason,
        "since": iso(agent.since),
        "call": agent.call,
        "next": following,
        "wrap_up_until": iso(agent.wrap_up_until),
        "registered": agent.registered,
        "page": agent.page is not None,
        "skills": skills,
    }


def _hears(call: Call) -> list[JsonValue]:
    """Who hears whom, from where the legs are."""
    if call.state is CallState.CONSULTING:
        talking = call.consult is not None and call.consult.state == "talking"
        return [["caller", "music"], ["agent", "engineer"] if talking else ["agent", "ringing"]]
    if call.state is CallState.CONFERENCE:
        return [["caller", "agent", "engineer"]]
    if call.state is CallState.TALKING:
        return [["caller", "agent"]]
    return [["caller", "music"]] if call.state in (CallState.HELD, CallState.WAITING, CallState.LOST_AGENT) else []


def _wrapping(house: House, call: Call) -> bool:
    return any(agent.call == call.id for agent in house.floor.agents.values()) if call.state is CallState.ENDED else False


def call_entity(house: House, call: Call, position: int | None = None) -> dict[str, JsonValue]:
    """One call."""
    record, consult = call.record, call.consult
    state = "wrap_up" if _wrapping(house, call) else call.state.value
    ring_until = call.since + timedelta(seconds=house.limits.ring) if call.state is CallState.RINGING else None
    consulting: JsonValue = (
        {"engineer": consult.engineer, "state": consult.state, "since": iso(consult.since), "room": consult.room}
        if consult
        else None
    )
    reasons: list[JsonValue] = list(call.reasons)
    return {
        "id": call.id,
        "direction": record.direction,
        "state": state,
        "since": iso(call.since),
        "started_at": iso(record.started_at),
        "queued_at": iso(record.queued_at),
        "answered_at": iso(record.answered_at),
        "ended_at": iso(record.ended_at),
        "queue": record.queue,
        "language": record.language,
        "from": record.from_number,
        "from_raw": record.from_raw,
        "from_name": record.from_name,
        "to": record.to,
        "agent": record.holder or (call.offer.agent if call.offer else ""),
        "engineer": consult.engineer if consult else record.engineer,
        "position": position,
        "priority": record.priority,
        "recording": call.recording,
        "owner": record.owner,
        "ticket": record.ticket,
        "callback": record.callback,
        "reasons": reasons,
        "room": call.in_room,
        "consult": consulting,
        "hears": _hears(call),
        "ended_by": record.ended_by,
        "ring_until": iso(ring_until),
        "hold_for_agent_until": iso(call.kept_until),
    }
