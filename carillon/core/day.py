"""The board after a restart: the day's facts are folded once more, so that its figures are the day's and not the process's."""

from __future__ import annotations

import asyncio

import structlog
from sqlalchemy import select

from cti.calls.facts import Fact, FactKind
from cti.ports.journal import JournalFailed
from cti.services.core import Core
from cti.store import models
from cti.store.journal import SqliteJournal
from routing.metrics import day_of
from storage.errors import StorageError
from storage.unit_of_work import UnitOfWork

log = structlog.get_logger("carillon.day")
COUNTED = (FactKind.CALL_QUEUED, FactKind.CALL_ANSWERED, FactKind.CALL_ENDED)
AGAIN_S = 5.0


class Day:
    """Made after the open calls are restored, before the first event: those calls are counted already, later ones will be."""

    def __init__(self, core: Core, journal: SqliteJournal, work: UnitOfWork) -> None:
        self._core, self._journal, self._work = core, journal, work
        self._counted = frozenset(core.house.floor.calls)
        self._until = core.house.clock.now()

    async def run(self) -> None:
        """Once; a database or a journal that is away is asked again until it is back."""
        while True:
            try:
                facts = await self._facts()
                break
            except (StorageError, JournalFailed) as error:
                log.warning("the day's figures wait", action="day_waits", error=str(error))
                await asyncio.sleep(AGAIN_S)
        for fact in facts:
            self._core.board.count(fact)
        for queue in self._core.house.queues:
            self._core.board.touch("queue", queue)

    async def _facts(self) -> list[Fact]:
        """In order of time. The journal first: what is cut from it meanwhile is in the database already."""
        since = day_of(self._until, self._core.house.zone)[0]
        found = {fact.id: fact async for fact in self._journal.replay(calls_open_only=False) if fact.kind in COUNTED}
        table = models.CallFact
        today = select(models.CallRecord.id).where(models.CallRecord.started_at >= since)
        async with self._work.read() as session:
            for row in await session.scalars(select(table).where(table.call_id.in_(today), table.kind.in_(COUNTED))):
                fact = Fact(
                    id=row.id, at=row.at, kind=FactKind(row.kind), call=row.call_id, agent=row.agent_id, data=row.data, v=row.v
                )
                found[fact.id] = fact
        mine = (fact for fact in found.values() if fact.call not in self._counted and since <= fact.at < self._until)
        return sorted(mine, key=lambda fact: fact.at)
