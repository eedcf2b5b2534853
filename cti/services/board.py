"""What consoles and boards see: changed entities are published once per turn of the loop; snapshots come from the same views."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime

from cti.calls.agent_states import AgentState
from cti.calls.call_states import CallState
from cti.calls.facts import Fact, FactKind, JsonValue
from cti.ports.consoles import Entity
from cti.services.entities import agent_entity, call_entity, iso
from cti.services.house import House, QueueSettings
from cti.services.offers import Offers
from cti.services.sessions import AgentSessions
from cti.services.state import Agent, Call
from routing.metrics import FigureOptions, FlowOut, QueueFigures, QueueHappening, day_of

QUEUES_EVERY = 0.25  # seconds: a queue's figures are a fold over all its calls and agents, and people only read them
_ENDS = {FactKind.CALL_ANSWERED: QueueHappening.ANSWERED, FactKind.CALL_ENDED: QueueHappening.ABANDONED}
_WAITS = (CallState.WAITING, CallState.OFFERED, CallState.RINGING)


class Board:
    """Listens to facts; folds them into the queues' figures; publishes."""

    def __init__(self, house: House, sessions: AgentSessions, offers: Offers) -> None:
        self._house, self._offers = house, offers
        self._dirty: dict[tuple[str, str], None] = {}
        self._scheduled = False
        self._queues: dict[str, None] = {}  # changed since they were told last
        self._figures = QueueFigures(
            {q.id: FigureOptions(target_s=q.target_s, short_s=q.short_abandon_s) for q in house.queues.values()}
        )
        self._last: dict[str, str] = {}  # call -> the queue it entered last
        self._open: set[str] = set()  # calls whose entry has not ended
        self._since = datetime.min.replace(tzinfo=UTC)
        self.switch_up = False
        self.switch_since = house.clock.now()
        house.recorder.listeners.append(self._fact)
        sessions.on_change.append(self._agent)

    # ---- what changed -----------------------------------------------------------------------------------------------

    def touch(self, kind: str, entity: str) -> None:
        """Publish this entity soon; a queue a little later, with all that happened to it meanwhile."""
        if kind == "queue":
            self._queues[entity] = None
            if not self._house.timers.running("board-queues"):
                self._house.timers.start("board-queues", QUEUES_EVERY, self._queues_due)
            return
        self._dirty[kind, entity] = None
        if not self._scheduled:
            self._scheduled = True
            asyncio.get_running_loop().call_soon(self._publish)

    def _queues_due(self) -> None:
        queues, self._queues = self._queues, {}
        self._house.consoles.publish([("queue", queue, self._queue_entity(queue)) for queue in queues])

    def _agent(self, agent: Agent, _old: AgentState) -> None:
        self.touch("agent", agent.id)
        for queue in self._house.queues.values():
            if _serves(agent, queue):
                self.touch("queue", queue.id)

    def _fact(self, fact: Fact, call: Call | None) -> None:
        if call is None:
            return
        self.touch("call", call.id)
        if fact.agent:
            self.touch("agent", fact.agent)
        self.count(fact)
        if call.record.queue:
            self.touch("queue", call.record.queue)

    def count(self, fact: Fact) -> None:
        """Fold one fact of a call into its queue's figures. What was before a restart comes through here too."""
        call = fact.call or ""
        if fact.kind is FactKind.CALL_QUEUED:
            self._enter(call, str(fact.data.get("queue", "")), fact.at)
        elif call in self._open and fact.kind in _ENDS:
            self._open.discard(call)
            self._figures.apply(_ENDS[fact.kind], self._last[call], call, fact.at)
        if fact.kind is FactKind.CALL_ENDED:
            self._last.pop(call, None)

    def _enter(self, call: str, queue: str, at: datetime) -> None:
        """A lost agent's caller who waits again, or an adopted one, is no new entry; another queue is."""
        before = self._last.get(call)
        if before == queue:
            return
        if before and call in self._open:
            self._figures.apply(QueueHappening.FLOW_OUT, before, call, at, to=FlowOut.TRANSFER)
        self._last[call] = queue
        self._open.add(call)
        self._figures.apply(QueueHappening.ENTERED, queue, call, at)

    # ---- what is told -----------------------------------------------------------------------------------------------

    def _publish(self) -> None:
        self._scheduled = False
        dirty, self._dirty = self._dirty, {}
        self._house.consoles.publish([(kind, entity, self._entity(kind, entity)) for kind, entity in dirty])

    def _entity(self, kind: str, entity: str) -> Entity | None:
        makers: dict[str, Callable[[str], Entity | None]] = {
            "agent": self._agent_entity,
            "call": self._call_entity,
            "queue": self._queue_entity,
            "switch": self._switch_entity,
        }
        return makers[kind](entity)

    def _agent_entity(self, agent: str) -> Entity | None:
        known = self._house.floor.agents.get(agent)
        return agent_entity(known) if known else None

    def _call_entity(self, call: str) -> Entity | None:
        known = self._house.floor.calls.get(call)
        return call_entity(self._house, known, self._offers.acd.position(call)) if known else None

    def _queue_entity(self, queue: str) -> Entity | None:
        settings = self._house.queues.get(queue)
        if settings is None:
            return None
        waiting = [c for c in self._house.floor.calls.values() if c.record.queue == queue and c.state in _WAITS and not c.moving]
        serving = [a for a in self._house.floor.agents.values() if _serves(a, settings)]
        longest = iso(min((c.record.queued_at for c in waiting if c.record.queued_at), default=None))
        value: dict[str, JsonValue] = {
            "id": queue,
            "name_zh": settings.name_zh,
            "name_en": settings.name_en,
            "ready": sum(a.state is AgentState.READY for a in serving),
            "logged_in": sum(a.state is not AgentState.LOGGED_OUT for a in serving),
        }
        value.update(self._figures.figures(queue, *self._today()).fields())
        value["waiting"], value["longest_since"] = len(waiting), longest
        return value

    def _today(self) -> tuple[datetime, datetime]:
        """Of the place the centre is in. Yesterday's quarters are shown by nobody."""
        today = day_of(self._house.clock.now(), self._house.zone)
        if today[0] > self._since:
            self._since = today[0]
            self._figures.forget_before(today[0])
        return today

    def _switch_entity(self, switch: str) -> Entity:
        return {"id": switch, "up": self.switch_up, "since": iso(self.switch_since)}

    def switch(self, *, up: bool) -> None:
        """The switch came or went."""
        if self.switch_up is not up:
            self.switch_up, self.switch_since = up, self._house.clock.now()
        self.touch("switch", self._house.switch)

    def snapshot(self) -> dict[str, list[Entity]]:
        """All entities as they are now."""
        floor = self._house.floor
        names = {
            "agent": list(floor.agents),
            "call": list(floor.calls),
            "queue": list(self._house.queues),
            "switch": [self._house.switch],
        }
        return {kind: [value for name in ids if (value := self._entity(kind, name))] for kind, ids in names.items()}


def _serves(agent: Agent, queue: QueueSettings) -> bool:
    return queue.skills <= {skill for skill, level in agent.skills.items() if level > 0}
