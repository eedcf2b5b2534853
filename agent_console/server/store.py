"""Web sessions and who sits behind them, in the database."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select, update

from agent_console.server.models import WebSession
from crm_core.people.models import User
from cti.store.models import Agent
from storage.unit_of_work import Session

Found = tuple[WebSession, User, Agent | None]


async def sessions(session: Session, ids: Iterable[str]) -> list[Found]:
    """Sessions with their user and, where he is one, agent."""
    query = (
        select(WebSession, User, Agent)
        .join(User, User.id == WebSession.user_id)
        .outerjoin(Agent, Agent.user_id == User.id)
        .where(WebSession.id.in_(list(ids)))
    )
    return [(row[0], row[1], row[2]) for row in await session.execute(query)]


async def end(session: Session, session_id: str, now: datetime) -> bool:
    """True for whoever ends it first."""
    ended = await session.execute(
        update(WebSession)
        .where(WebSession.id == session_id, WebSession.ended_at.is_(None))
        .values(ended_at=now)
        .returning(WebSession.id)
    )
    return ended.first() is not None


async def seen(session: Session, session_ids: Iterable[str], now: datetime) -> None:
    """These people did something."""
    await session.execute(update(WebSession).where(WebSession.id.in_(list(session_ids))).values(seen_at=now))
