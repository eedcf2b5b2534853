"""Why this caller went to this agent. The codes are those of docs/protocol.md; add one there, here and in the page's texts."""

from __future__ import annotations

from routing.acd.parties import Agent, QueuedCall
from routing.model.decisions import Reason
from routing.model.events import Seconds


def reasons_of(call: QueuedCall, agent: Agent, position: int, now: Seconds) -> tuple[Reason, ...]:
    """Read before the offer is entered into agent and call."""
    return (*_of_agent(call, agent, now), *_of_call(call, position, now))


def _of_agent(call: QueuedCall, agent: Agent, now: Seconds) -> list[Reason]:
    if call.preferred:
        return [Reason("same_agent", {})]
    skills = agent.skills
    matched = [Reason("skill_matched", {"skill": skill, "level": skills[skill]}) for skill in sorted(call.need)]
    return [*matched, Reason("longest_idle", {"seconds": _since(agent.idle_since, now)})]


def _of_call(call: QueuedCall, position: int, now: Seconds) -> list[Reason]:
    came_back = call.first and not call.preferred  # who was transferred to one agent is first too
    found = [Reason("returned_first", {})] if came_back else []
    if call.priority:
        found.append(Reason("priority", {"value": call.priority}))
    return [*found, Reason("first_in_queue", {"position": position}), Reason("waited", {"seconds": _since(call.entered_at, now)})]


def _since(moment: Seconds, now: Seconds) -> float:
    return round(max(0.0, now - moment), 1)  # a stepped clock must not show a negative wait
