"""The callers in their queues: places, and the agents whose own callers wait for them.

A place is a key in a sorted list per queue: a position is one binary search, entering one insertion. A caller who is being
offered or rung keeps his key, hence his place, until he is answered or gone.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from heapq import heappop, heappush

from routing.acd.parties import PlaceKey, QueuedCall
from routing.model.events import CallWaiting, Seconds


class Queues:
    """All calls that wait, by queue."""

    def __init__(self) -> None:
        self._calls: dict[str, QueuedCall] = {}
        self._places: dict[str, list[PlaceKey]] = {}
        self._own: dict[str, dict[str, QueuedCall]] = {}  # preferred agent -> his callers
        self._deadlines: list[tuple[Seconds, int, QueuedCall]] = []
        self._arrivals = 0
        self._stamp = 0

    def __len__(self) -> int:
        return len(self._calls)

    def get(self, call: str) -> QueuedCall | None:
        """The call, if it waits."""
        return self._calls.get(call)

    def enter(self, event: CallWaiting) -> QueuedCall:
        """A new place; the call must not be here."""
        self._arrivals += 1
        call = QueuedCall(event, self._arrivals)
        self._calls[call.id] = call
        insort(self._places.setdefault(call.queue, []), call.key)
        if call.preferred:
            self._own.setdefault(call.preferred, {})[call.id] = call
            heappush(self._deadlines, (call.until, self._arrivals, call))
        return call

    def leave(self, call: QueuedCall) -> None:
        """Forget the call and its place."""
        del self._calls[call.id]
        places = self._places[call.queue]
        del places[bisect_left(places, call.key)]
        if not places:
            del self._places[call.queue]
        self.release(call)
        call.stamp = 0

    def stamp(self, call: QueuedCall) -> None:
        """A fresh stamp: entries made before are dead."""
        self._stamp += 1
        call.stamp = self._stamp

    def position(self, call: QueuedCall) -> int:
        """1 = next."""
        return bisect_left(self._places[call.queue], call.key) + 1

    def in_order(self, queue: str) -> tuple[str, ...]:
        """The callers of a queue, next one first."""
        return tuple(key[-1] for key in self._places.get(queue, ()))

    def waiting(self, queue: str) -> int:
        """How many, those being offered or rung included."""
        return len(self._places.get(queue, ()))

    # ---- callers who wait for their own agent -----------------------------------------------------------------------

    def own_of(self, agent: str) -> QueuedCall | None:
        """The first of this agent's own callers who may be offered now."""
        mine = [call for call in self._own.get(agent, {}).values() if call.offerable and not call.offer]
        return min(mine, key=lambda call: call.key, default=None)

    def own_callers(self) -> list[QueuedCall]:
        """For each agent somebody waits for, the first of those callers; best place first."""
        firsts = [call for agent in self._own if (call := self.own_of(agent))]
        return sorted(firsts, key=lambda call: call.key)

    def release(self, call: QueuedCall) -> None:
        """Not his own agent's alone any more. (The deadline's entry dies where it is.)"""
        if call.preferred:
            own = self._own[call.preferred]
            del own[call.id]
            if not own:
                del self._own[call.preferred]
            call.preferred = ""

    def next_deadline(self) -> Seconds | None:
        """When the next caller stops being his own agent's alone."""
        self._drop_dead_deadlines()
        return self._deadlines[0][0] if self._deadlines else None

    def release_due(self, now: Seconds) -> list[QueuedCall]:
        """Callers whose own agent did not come in time, in the order of their places' keys."""
        due = []
        while self._deadlines and self._deadlines[0][0] <= now:
            call = heappop(self._deadlines)[2]
            if call.preferred:
                self.release(call)
                due.append(call)
        return sorted(due, key=lambda call: call.key)

    def _drop_dead_deadlines(self) -> None:
        while self._deadlines and not self._deadlines[0][2].preferred:
            heappop(self._deadlines)
