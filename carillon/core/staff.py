"""Keeps the core's agents and queues equal to what the administrators configured."""

from __future__ import annotations

import asyncio

import structlog

from cti.services.core import Core
from cti.services.house import House, QueueSettings
from cti.services.state import Agent
from cti.store.directory import AgentRow, Directory
from storage.errors import StorageError

log = structlog.get_logger("carillon.staff")
REFRESH_SECONDS = 10.0


class Staff:
    """Reads the directory at start and now and then; a database that is away changes nothing."""

    def __init__(self, directory: Directory) -> None:
        self._directory = directory

    async def queues(self) -> dict[str, QueueSettings]:
        """By id. Raises DatabaseAway."""
        return {
            row.id: QueueSettings(
                id=row.id,
                name_zh=row.name_zh,
                name_en=row.name_en,
                skills=row.skills,
                priority=row.priority,
                target_s=row.target_s,
                short_abandon_s=row.short_abandon_s,
                record=row.record,
                team=row.team,
            )
            for row in await self._directory.queues()
        }

    async def employ(self, house: House) -> None:
        """Everybody who may work is known, logged out at first."""
        for row in await self._directory.agents():
            house.floor.agents[row.id] = _agent(house, row)

    async def follow(self, core: Core) -> None:
        """New people, new names and skills; until cancelled."""
        while True:
            await asyncio.sleep(REFRESH_SECONDS)
            try:
                rows = await self._directory.agents()
            except StorageError as error:
                log.warning("staff not read", action="staff_unread", error=str(error))
                continue
            for row in rows:
                self._take(core, row)

    @staticmethod
    def _take(core: Core, row: AgentRow) -> None:
        agent = core.house.floor.agents.get(row.id)
        if agent is None:
            core.house.floor.agents[row.id] = agent = _agent(core.house, row)
        elif (agent.name, agent.role, agent.skills, agent.team) == (row.name, row.role, row.skills, row.team):
            return
        agent.name, agent.role, agent.skills, agent.team = row.name, row.role, dict(row.skills), row.team
        core.sessions.refresh(agent)


def _agent(house: House, row: AgentRow) -> Agent:
    return Agent(
        id=row.id,
        user=row.user,
        name=row.name,
        number=row.number,
        role=row.role,
        team=row.team,
        skills=dict(row.skills),
        since=house.clock.now(),
    )
