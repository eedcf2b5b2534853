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
            before = call.state
            call.record.apply(fact)
            if call.state is not before:
                call.since = fact.at
        for listener in self.listeners:
            listener(fact, call)
        return fact

    def late(self, kind: FactKind, call: str, /, **data: JsonValue) -> None:
        """A fact about a call that may have left the floor (its recording is finished, its ticket is written)."""
        fact = Fact(id=self._new_id(), at=self._clock.now(), kind=kind, call=call, data=data)
        self._pending.append(fact)
        for listener in self.listeners:
            listener(fact, None)

    def commit(self) -> asyncio.Future[None]:
        """Hand what is pending to the journal; the future is done when all facts so far are committed."""
        if self._pending or self._last is None:
            facts, self._pending = self._pending, []
            self._last = asyncio.wrap_future(self._journal.put(facts))
            self._last.add_done_callback(_noticed)
        return self._last


def _noticed(future: asyncio.Future[None]) -> None:
    """A failed write is told by those who wait for it and by the journal's own `failed`; nobody waiting is no error."""
    if not future.cancelled():
        future.exception()
