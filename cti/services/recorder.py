"""Facts leave from here: into the call's record at once, into the journal in order, and to the boards as deltas."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime

from cti.calls.facts import Fact, FactKind, JsonValue
from cti.ports.clock import Clock
from cti.ports.journal import FactJournal
from cti.services.state import Call


class Recorder:
    """`emit` is synchronous: decide, emit, then let Effects act. `committed()` is the barrier that an action waits for."""

    def __init__(self, journal: FactJournal, clock: Clock, new_id: Callable[[], str]) -> None:
        self._journal, self._clock, self._new_id = journal, clock, new_id
        self._pending: list[Fact] = []
        self._last: asyncio.Future[None] | None = None
        self._next: asyncio.Future[None] | None = None  # of what is handed over at the end of this turn of the loop
        self.listeners: list[Callable[[Fact, Call | None], None]] = []

    def emit(
        self,
        kind: FactKind,
        /,
        *,
        call: Call | None = None,
        agent: str | None = None,
        at: datetime | None = None,
        data: Mapping[str, JsonValue] | None = None,
        **more: JsonValue,
    ) -> Fact:
        """One fact. `at` is the switch's time where it told one."""
        fact = Fact(
            id=self._new_id(),
            at=at or self._clock.now(),
            kind=kind,
            call=call.id if call else None,
            agent=agent,
            data={**(data or {}), **more},
        )
        self._pending.append(fact)
        if call is not None:
            call.touched = self._clock.now()
            before = call.state
            call.record.apply(fact)
            if call.state is not before:
                call.since = fact.at
        for listener in self.listeners:
            listener(fact, call)
        return fact

    def late(self, kind: FactKind, call: str, agent: str | None = None, /, **data: JsonValue) -> None:
        """A fact about a call that may have left the floor (its recording is finished, its owner is named in a late wrap-up)."""
        fact = Fact(id=self._new_id(), at=self._clock.now(), kind=kind, call=call, agent=agent, data=data)
        self._pending.append(fact)
        for listener in self.listeners:
            listener(fact, None)

    def commit(self) -> asyncio.Future[None]:
        """The future is done when all facts so far are committed: what an action or an answer waits for.

        What one turn of the loop emits goes to the journal together: each write of its own would wake two threads.
        """
        if self._next is None and (self._pending or self._last is None):
            loop = asyncio.get_running_loop()
            self._next = loop.create_future()
            self._next.add_done_callback(_noticed)
            loop.call_soon(self._put)
        committed = self._next or self._last
        assert committed is not None  # noqa: S101 - one of both was just made
        return committed

    def _put(self) -> None:
        facts, self._pending = self._pending, []
        promised, self._last, self._next = self._next, self._next, None
        written = asyncio.wrap_future(self._journal.put(facts))
        written.add_done_callback(lambda done: _settle(promised, done))


def _settle(promised: asyncio.Future[None] | None, written: asyncio.Future[None]) -> None:
    if promised is None or promised.done():
        return
    if written.cancelled():
        promised.cancel()
    elif (error := written.exception()) is not None:
        promised.set_exception(error)
    else:
        promised.set_result(None)


def _noticed(future: asyncio.Future[None]) -> None:
    """A failed write is told by those who wait for it and by the journal's own `failed`; nobody waiting is no error."""
    if not future.cancelled():
        future.exception()
