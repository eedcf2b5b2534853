"""One line per distinct set of needed skills: its callers and its idle agents, each in a heap with lazy deletion.

An entry carries the stamp its owner had when it was pushed. Whoever leaves gets another stamp, so the old entry is
recognised as dead when it comes to the top; nobody searches a heap, and no choice scans agents.
"""

from __future__ import annotations

from heapq import heapify, heappop, heappush

from routing.acd.parties import Agent, PlaceKey, QueuedCall
from routing.model.events import Seconds

SPARE = 64  # dead entries a heap may hold beside twice the living before it is swept


class Line:
    """Callers and idle agents that may be matched with each other."""

    __slots__ = ("_agents", "_calls", "need")

    def __init__(self, need: frozenset[str]) -> None:
        self.need = need
        self._calls: list[tuple[PlaceKey, int, QueuedCall]] = []
        self._agents: list[tuple[Seconds, int, Agent]] = []

    def add_call(self, call: QueuedCall, alive: int) -> None:
        """`alive`: how many calls can be living entries at most; decides when dead ones are swept out."""
        heappush(self._calls, (call.key, call.stamp, call))
        if len(self._calls) > 2 * alive + SPARE:
            self._calls = [entry for entry in self._calls if entry[2].stamp == entry[1]]
            heapify(self._calls)

    def add_agent(self, agent: Agent, alive: int) -> None:
        """The same for an idle agent."""
        heappush(self._agents, (agent.idle_since, agent.stamp, agent))
        if len(self._agents) > 2 * alive + SPARE:
            self._agents = [entry for entry in self._agents if entry[2].stamp == entry[1]]
            heapify(self._agents)

    def first_call(self) -> QueuedCall | None:
        """Highest priority, returned callers first, then longest waiting."""
        heap = self._calls
        while heap:
            _, stamp, call = heap[0]
            if call.stamp == stamp:
                return call
            heappop(heap)
        return None

    def first_agent(self) -> Agent | None:
        """The longest idle."""
        heap = self._agents
        while heap:
            _, stamp, agent = heap[0]
            if agent.stamp == stamp:
                return agent
            heappop(heap)
        return None
