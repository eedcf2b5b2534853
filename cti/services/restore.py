"""After a restart of the core: calls and agents as the journal tells them, before the first snapshot is compared."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from cti.calls.agent_states import AgentState
from cti.calls.call_states import CallState
from cti.calls.facts import Fact, FactKind
from cti.calls.record import CallRecord
from cti.ports.accounts import EndpointClass
from cti.services.core import Core
from cti.services.state import Agent, Call

FREE = (AgentState.READY, AgentState.AUX, AgentState.LOGGED_OUT)


def restore(core: Core, facts: Iterable[Fact]) -> None:
    """Fold calls (open ones, and ended ones that somebody writes up) and the agents' last states. Nothing is minted, nobody is
    rung, nothing is emitted."""
    last: dict[tuple[str, FactKind], Fact] = {}
    for fact in facts:
        if fact.call is not None:
            _call_fact(core, fact)
        elif fact.agent is not None and fact.agent in core.house.floor.agents:
            last[fact.agent, fact.kind] = fact
            if fact.data.get("to") in FREE:
                last.pop((fact.agent, FactKind.AGENT_NEXT), None)
            _agent_fact(core.house.floor.agents[fact.agent], fact, core)
        elif fact.kind is FactKind.SWITCH_UP and fact.data.get("switch") == core.house.switch:
            core.switch_started = datetime.fromisoformat(str(fact.data["started_at"]))
    for call in core.house.floor.calls.values():
        _place(core, call)
    at_work = [agent for agent in core.house.floor.agents.values() if agent.state is not AgentState.LOGGED_OUT]
    for agent in at_work:
        _resume(core, agent, last)
    core.pages.expect(at_work)


def _call_fact(core: Core, fact: Fact) -> None:
    floor = core.house.floor
    call = floor.calls.get(fact.call or "")
    if call is None:
        call = Call(id=fact.call or "", record=CallRecord(id=fact.call or ""), since=fact.at)
        floor.add_call(call)
    before = call.state
    call.record.apply(fact)
    core.board.count(fact)
    if call.state is not before:
        call.since = fact.at
    if fact.kind is FactKind.RING_REQUESTED:
        core.resync.rung[call.id] = str(fact.data.get("offer") or "")
    if fact.kind is FactKind.CALL_QUEUED:
        skills = fact.data.get("skills")
        call.skills = frozenset(str(skill) for skill in skills) if isinstance(skills, list) else frozenset()


def _place(core: Core, call: Call) -> None:
    """His customer's leg and his place in the queue."""
    record, clock = call.record, core.house.clock
    if record.state is CallState.ENDED:
        return
    call.customer = record.uniqueid
    if record.direction == "out":
        call.agent_leg = str(record.legs[0]["leg"]) if record.legs else ""
        core.house.floor.bind_leg(call.agent_leg, call)
    core.house.floor.bind_leg(call.customer, call)
    if record.queued_at is not None:
        call.entered = clock.monotonic() - (clock.now() - record.queued_at).total_seconds()
    if record.state is CallState.LOST_AGENT:
        call.kept_for, seconds = record.holder, core.house.limits.hold_for_agent
        call.kept_until = clock.now() + timedelta(seconds=seconds)
        core.house.timers.start(f"kept:{call.id}", seconds, lambda: core.talks.give_on(call))


def _agent_fact(agent: Agent, fact: Fact, core: Core) -> None:
    if fact.kind is FactKind.AGENT_STATE:
        agent.state, agent.reason, agent.since = AgentState(str(fact.data["to"])), str(fact.data.get("reason") or ""), fact.at
        agent.call = str(fact.data["with"]) if fact.data.get("with") else None
        agent.idle_since = _monotonic_of(core, fact.at)
        if agent.state is AgentState.LOST and fact.data["from"] != AgentState.LOST:
            agent.before_lost = AgentState(str(fact.data["from"]))
    elif fact.kind is FactKind.ENDPOINT_MINTED:
        core.house.floor.bind_endpoint(agent, str(fact.data.get("endpoint") or ""))
        agent.softphone_page = str(fact.data.get("page") or "")
        agent.endpoint_class = EndpointClass(str(fact.data.get("kind") or EndpointClass.WEBRTC))
        agent.registered = bool(agent.endpoint)  # browsers stayed registered; a contact that went tells it by ContactStatus


def _monotonic_of(core: Core, at: datetime) -> float:
    return core.house.clock.monotonic() - (core.house.clock.now() - at).total_seconds()


def _resume(core: Core, agent: Agent, last: Mapping[tuple[str, FactKind], Fact]) -> None:
    """What he chose for after his call and the time that he asked for stand, if they were said of this call."""
    if agent.call is not None and (chosen := last.get((agent.id, FactKind.AGENT_NEXT))) and chosen.data["with"] == agent.call:
        agent.next = AgentState(str(chosen.data["state"])), str(chosen.data["reason"])
    if agent.state is AgentState.WRAP_UP:
        until = agent.since + timedelta(seconds=core.house.limits.wrap_up)
        if (longer := last.get((agent.id, FactKind.WRAP_UP_EXTENDED))) and longer.data["with"] == agent.call:
            until = max(until, datetime.fromisoformat(str(longer.data["until"])))
        core.sessions.resume_wrap_up(agent, (until - core.house.clock.now()).total_seconds())
    if agent.call is not None and not _still_his(agent, core.house.floor.calls.get(agent.call)):
        agent.call = None


def _still_his(agent: Agent, call: Call | None) -> bool:
    """Who was lost has his call while he writes it up, or while its caller is kept for him. When that one was given on, nothing
    was said of the agent."""
    if call is None or agent.state is not AgentState.LOST or agent.before_lost is AgentState.WRAP_UP:
        return call is not None
    return call.state is CallState.LOST_AGENT and call.kept_for == agent.id
