"""What a page may see of the core's entities: pure. An entity is shown in one of a few shapes, or not at all.

agent: himself, his call, all queues, and of others their presence without caller data. Hotline engineer: the same and
escalated calls. Supervisor: his team's agents and calls. Coordinator: the same with numbers cut to four digits. Admin:
queues and presence. Field engineer: whether the switch is up.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from agent_console.server.actor import Actor
from crm_core.people.service import Role

Entity = Mapping[str, Any]
_PRIVATE_OF_AGENT = {"call": None, "next": None, "wrap_up_until": None}
LEADS = frozenset({Role.SUPERVISOR, Role.COORDINATOR})


class Shape(StrEnum):
    """How an entity leaves."""

    WHOLE = "whole"
    MASKED = "masked"  # a call with numbers cut to their last four digits, without names
    PRESENCE = "presence"  # an agent's state without his call
    NONE = "none"


@dataclass(slots=True)
class House:
    """What is known of all entities, and which team a queue belongs to ('' or absent: every team's)."""

    entities: dict[str, dict[str, Entity]] = field(default_factory=dict)
    queue_teams: Mapping[str, str | None] = field(default_factory=dict)

    def of(self, kind: str) -> dict[str, Entity]:
        """Entities of one kind by id."""
        return self.entities.setdefault(kind, {})


def shape(actor: Actor, kind: str, value: Entity, house: House) -> Shape:
    """Default deny: a kind that is not listed is shown to nobody."""
    if kind == "switch":
        return Shape.WHOLE
    if actor.role is Role.FIELD_ENGINEER:
        return Shape.NONE
    if kind == "queue":
        return Shape.WHOLE
    if kind == "agent":
        return _agent(actor, value)
    if kind == "call":
        return _call(actor, value, house)
    return Shape.NONE


def _agent(actor: Actor, value: Entity) -> Shape:
    own = bool(actor.agent) and value.get("id") == actor.agent
    led = actor.role in LEADS and actor.team is not None and value.get("team") == actor.team
    return Shape.WHOLE if own or led else Shape.PRESENCE


def _call(actor: Actor, value: Entity, house: House) -> Shape:
    if actor.role in LEADS:
        if not _of_team(actor, value, house):
            return Shape.NONE
        return Shape.WHOLE if actor.role is Role.SUPERVISOR else Shape.MASKED
    if actor.agent and actor.agent in parties(value):
        return Shape.WHOLE
    if actor.agent and house.of("agent").get(actor.agent, {}).get("call") == value.get("id"):
        return Shape.WHOLE  # his wrap-up, when the call has gone on to somebody else
    if actor.role is Role.HOTLINE_ENGINEER and (value.get("consult") or value.get("engineer")):
        return Shape.WHOLE
    return Shape.NONE


def parties(call: Entity) -> set[str]:
    """Agents and engineers who have to do with a call now."""
    consult = call.get("consult") or {}
    return {str(who) for who in (call.get("agent"), call.get("engineer"), consult.get("engineer")) if who}


def _of_team(actor: Actor, call: Entity, house: House) -> bool:
    """By its people, else by its queue; a call that has neither yet is in the IVR and everybody's who leads."""
    teams = {house.of("agent").get(who, {}).get("team") for who in parties(call)} - {None, ""}
    if teams:
        return actor.team in teams
    team = house.queue_teams.get(str(call.get("queue") or ""))
    return not team or team == actor.team


def shown(value: Entity, how: Shape) -> Entity:
    """The entity in a shape."""
    if how is Shape.PRESENCE:
        return {**value, **_PRIVATE_OF_AGENT}
    if how is Shape.MASKED:
        to = value.get("to") if value.get("direction") == "in" else masked(value.get("to"))
        return {**value, "from": masked(value.get("from")), "from_raw": masked(value.get("from_raw")), "from_name": "", "to": to}
    return value


def masked(number: Any) -> str:
    """The last four digits at most."""
    text = str(number or "")
    return f"****{text[-4:]}" if len(text) > 4 else "****" if text else ""
