"""Who may hold a ticket: somebody who is there, of the role it is handed to."""

from __future__ import annotations

from sqlalchemy import FromClause, and_, or_, select

from crm_core.errors import WrongHolder
from crm_core.people.models import User
from storage.unit_of_work import Session


async def check_holder(session: Session, agents: FromClause, role: str | None, holder: str | None) -> None:
    """An agent by his agent id, who has no desk (coordinator, field engineer) by his user id. Raises WrongHolder."""
    if holder is not None and (role is None or await _role_of(session, agents, holder) != role):
        raise WrongHolder(holder, role or "")


async def _role_of(session: Session, agents: FromClause, holder: str) -> str | None:
    agent = agents.c
    at_no_desk = and_(agent.id.is_(None), User.id == holder)
    statement = (
        select(User.role)
        .outerjoin(agents, agent.user_id == User.id)
        .where(or_(agent.id == holder, at_no_desk), User.disabled.is_(False))
    )
    role: str | None = (await session.execute(statement)).scalar_one_or_none()
    return role
