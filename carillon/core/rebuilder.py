"""Calls that lived wholly in the emergency path become records too: from Asterisk's own log, marked as rebuilt.

Runs at start and at each reconnect. The log's offset is kept behind the last row of the last call that had not ended.
"""

from __future__ import annotations

import asyncio
from pathlib import Path

import structlog
from sqlalchemy import select

from cti.calls.facts import FactKind
from cti.calls.record import CallRecord
from cti.calls.visible import spoken_name
from cti.ports.journal import JournalFailed
from cti.services.arrivals import Normalise
from cti.services.core import Core
from cti.services.entities import iso
from cti.services.state import Call
from cti.store import models
from cti.store.cel import CelBook, CelCall
from cti.store.journal import SqliteJournal
from storage.errors import StorageError
from storage.unit_of_work import UnitOfWork

log = structlog.get_logger("carillon.rebuilder")
MARK = "cel_offset"
BEGINNINGS = (FactKind.CALL_ARRIVED, FactKind.CALL_DIALLED, FactKind.CALL_REBUILT)
SETTLE_SECONDS = 1.0  # CEL is written a moment after the event


class Rebuilder:
    """One run per reconnect; a database that is away is asked again at the next one."""

    def __init__(self, core: Core, journal: SqliteJournal, work: UnitOfWork, file: Path, normalise: Normalise) -> None:
        self._core, self._journal, self._work, self._file, self._normalise = core, journal, work, file, normalise
        self._due = asyncio.Event()
        core.on_switch_up.append(self._due.set)

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            await self._due.wait()
            self._due.clear()
            await asyncio.sleep(SETTLE_SECONDS)
            try:
                await self._once()
            except (StorageError, JournalFailed, OSError) as error:
                log.warning("calls not rebuilt yet", action="rebuild_waits", error=str(error))

    async def _once(self) -> None:
        book, start = CelBook(), int(await self._journal.get_mark(MARK) or 0)
        end = await asyncio.to_thread(book.read, self._file, start)
        ended = [call for call in book.calls.values() if call.ended_at is not None and call.started_at is not None]
        known = await self._known([call.call for call in ended])
        for call in ended:
            if call.call not in known and call.call not in self._core.house.floor.calls:
                self._rebuild(call)
        await self._core.house.recorder.commit()
        if len(ended) == len(book.calls):  # calls under way are read again with their ends
            await self._journal.set_mark(MARK, str(end))

    async def _known(self, calls: list[str]) -> set[str]:
        known: set[str] = set()
        async with self._work.read() as session:
            for first in range(0, len(calls), 500):
                part = calls[first : first + 500]
                known |= set(await session.scalars(select(models.CallRecord.id).where(models.CallRecord.id.in_(part))))
        return known | {call for call in calls if call not in known and await self._begun(call)}

    async def _begun(self, call: str) -> bool:
        """The journal knows its beginning; a recording that was finished alone is no beginning."""
        return any(stored.fact.kind in BEGINNINGS for stored in await self._journal.of_call(call))

    def _rebuild(self, told: CelCall) -> None:
        agent = self._core.house.floor.agent_of_endpoint(told.endpoint)
        call = Call(id=told.call, record=CallRecord(id=told.call), since=told.ended_at or self._core.house.clock.now())
        self._core.house.recorder.emit(
            FactKind.CALL_REBUILT,
            call=call,
            agent=agent.id if agent else None,
            at=told.started_at,
            switch=self._core.house.switch,
            uniqueid=told.uniqueid,
            ani_raw=told.ani,
            ani=self._normalise(told.ani, self._core.house.caller_region(told.dnis)),
            name_raw=spoken_name(told.name),
            dnis=told.dnis,
            queue=self._core.house.default_queue,
            answered_at=iso(told.answered_at),
            ended_at=iso(told.ended_at),
            by=told.ended_by or "system",
            reason="emergency_path",
            source="cel",
            data={"agent": agent.id} if agent else {},
        )
        log.info("call rebuilt", action="call_rebuilt", call=told.call)
