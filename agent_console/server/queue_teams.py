"""Which team a queue belongs to, read now and then: a supervisor's board shows his team's calls."""

from __future__ import annotations

import asyncio

import structlog
from sqlalchemy import select

from agent_console.server.console import Console
from cti.store.models import Queue
from storage.errors import StorageError
from storage.unit_of_work import UnitOfWork

log = structlog.get_logger("api")
LOOK_S = 30.0


class QueueTeams:
    """Keeps `console.house.queue_teams`."""

    def __init__(self, uow: UnitOfWork, console: Console) -> None:
        self._uow, self._console = uow, console

    async def run(self) -> None:
        """Until cancelled. A database that is away: what was read last goes on to hold."""
        while True:
            try:
                await self.look()
            except StorageError:
                log.warning("the queues' teams could not be read", action="queue_teams_blind")
            await asyncio.sleep(LOOK_S)

    async def look(self) -> None:
        """One round."""
        async with self._uow.read() as session:
            rows = await session.execute(select(Queue.id, Queue.team_id))
            self._console.house.queue_teams = {row[0]: row[1] for row in rows}
