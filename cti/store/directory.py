"""Who works here and which queues there are: the core's reading of the business database, at start and now and then."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from crm_core.people.models import User
from cti.store import models
from storage.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentRow:
    """An agent or hotline engineer as configured."""

    id: str
    user: str
    name: str
    number: str
    role: str
    team: str
    skills: dict[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueRow:
    """A queue as configured."""

    id: str
    name_zh: str
    name_en: str
    skills: frozenset[str]
    priority: int
    target_s: float
    short_abandon_s: float
    record: bool
    team: str


class Directory:
    """Raises DatabaseAway."""

    def __init__(self, work: UnitOfWork) -> None:
        self._work = work

    async def agents(self) -> list[AgentRow]:
        """All who may work, disabled accounts left out."""
        statement = select(models.Agent, User).join(User, User.id == models.Agent.user_id).where(User.disabled.is_(False))
        async with self._work.read() as session:
            return [
                AgentRow(
                    id=agent.id,
                    user=user.id,
                    name=user.name,
                    number=agent.number,
                    role=user.role,
                    team=user.team_id or "",
                    skills={skill: int(str(level)) for skill, level in agent.skills.items()},
                )
                for agent, user in await session.execute(statement)
            ]

    async def queues(self) -> list[QueueRow]:
        """All queues."""
        async with self._work.read() as session:
            return [
                QueueRow(
                    id=queue.id,
                    name_zh=queue.name_zh,
                    name_en=queue.name_en,
                    skills=frozenset(queue.skills),
                    priority=queue.priority,
                    target_s=queue.target_s,
                    short_abandon_s=queue.short_abandon_s,
                    record=queue.record,
                    team=queue.team_id or "",
                )
                for queue in await session.scalars(select(models.Queue).order_by(models.Queue.id))
            ]
