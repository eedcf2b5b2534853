"""Logging in, and the first administrator."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from crm_core.people import store
from crm_core.people.models import AdminSetup, User
from crm_core.people.passwords import Passwords, check_strength
from storage.base import new_id
from storage.unit_of_work import UnitOfWork

SETUP_LIFE = timedelta(hours=24)


class Role(StrEnum):
    """The six roles."""

    AGENT = "agent"
    HOTLINE_ENGINEER = "hotline_engineer"
    COORDINATOR = "coordinator"
    FIELD_ENGINEER = "field_engineer"
    SUPERVISOR = "supervisor"
    ADMIN = "admin"


class SetupRefused(Exception):
    """The one-time link is unknown, used or too old."""


@dataclass(frozen=True, slots=True)
class Person:
    """A user as others may see him: never with his password's hash."""

    id: str
    login: str
    name: str
    role: Role
    team: str | None
    language: str
    demo: bool
    disabled: bool


def person(row: User) -> Person:
    """What leaves this package."""
    return Person(row.id, row.login, row.name, Role(row.role), row.team_id, row.language, row.demo, row.disabled)


class People:
    """Users of this installation."""

    def __init__(self, uow: UnitOfWork, passwords: Passwords) -> None:
        self._uow = uow
        self._passwords = passwords

    async def authenticate(self, login: str, password: str) -> Person | None:
        """The person behind a log-in and password; None for unknown, wrong or disabled, in the same time."""
        async with self._uow.read() as session:
            row = await store.user_by_login(session, login)
        if row is None:
            await self._passwords.verify_nobody(password)
            return None
        verified = await self._passwords.verify(row.password_hash, password)
        if not verified.ok or row.disabled:
            return None
        if verified.rehash is not None:
            await self._renew(row.id, row.password_hash, verified.rehash)
        return person(row)

    async def get(self, user_id: str) -> Person | None:
        """By id, as he is now: role and team take effect at the next request."""
        async with self._uow.read() as session:
            row = await store.user(session, user_id)
        return None if row is None else person(row)

    async def by_login(self, login: str) -> Person | None:
        """By log-in name."""
        async with self._uow.read() as session:
            row = await store.user_by_login(session, login)
        return None if row is None else person(row)

    async def all(self) -> list[Person]:
        """Everybody."""
        async with self._uow.read() as session:
            return [person(row) for row in await store.users(session)]

    async def issue_setup(self, now: datetime) -> str | None:
        """A fresh one-time token for the first administrator; None when there is one already."""
        token = secrets.token_urlsafe(32)
        async with self._uow.write() as session:
            if await store.has_admin(session):
                return None
            session.add(AdminSetup(token_hash=_digest(token), created_at=now, expires_at=now + SETUP_LIFE, used_at=None))
        return token

    async def create_admin(self, *, token: str, login: str, name: str, password: str, now: datetime) -> Person:
        """Use the one-time link. Raises SetupRefused, WeakPassword, Duplicate (the log-in is taken)."""
        check_strength(password, login=login)
        stored = await self._passwords.hash(password)
        row = User(
            id=new_id(), login=login, name=name, role=Role.ADMIN, team_id=None, language="zh",
            password_hash=stored, demo=False, disabled=False, created_at=now,
        )  # fmt: skip
        async with self._uow.write() as session:
            if await store.has_admin(session) or not await store.use_setup(session, _digest(token), now):
                raise SetupRefused("the set-up link is unknown, used or too old")
            session.add(row)
            await session.flush()
        return person(row)

    async def _renew(self, user_id: str, old: str, new: str) -> None:
        async with self._uow.write() as session:
            row = await store.user(session, user_id)
            if row is not None and row.password_hash == old:
                row.password_hash = new


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
