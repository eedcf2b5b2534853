"""Users and teams in the database."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select, update

from crm_core.people.models import AdminSetup, Team, User
from storage.unit_of_work import Session


async def user(session: Session, user_id: str) -> User | None:
    """By id."""
    return await session.get(User, user_id)


async def user_by_login(session: Session, login: str) -> User | None:
    """By log-in name, exactly as stored (log-ins are lower case)."""
    return (await session.execute(select(User).where(User.login == login))).scalar_one_or_none()


async def users(session: Session) -> list[User]:
    """Everybody, by log-in name."""
    return list((await session.execute(select(User).order_by(User.login))).scalars())


async def teams(session: Session) -> list[Team]:
    """Every team, by id."""
    return list((await session.execute(select(Team).order_by(Team.id))).scalars())


async def has_admin(session: Session) -> bool:
    """Whether anybody can administrate this instance."""
    found = await session.execute(select(User.id).where(User.role == "admin", User.disabled.is_(False)).limit(1))
    return found.first() is not None


async def use_setup(session: Session, token_hash: str, now: datetime) -> bool:
    """Take the one-time link; True for the first only: one conditional update, judged by its row count."""
    taken = await session.execute(
        update(AdminSetup)
        .where(AdminSetup.token_hash == token_hash, AdminSetup.used_at.is_(None), AdminSetup.expires_at > now)
        .values(used_at=now)
        .returning(AdminSetup.token_hash)
    )
    return taken.first() is not None
