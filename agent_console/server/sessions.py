"""Web sessions: opaque 256-bit tokens, kept only as hashes, judged by the server at each request.

A session is remembered for CACHE_S, so that a page's burst of requests is one query; while the database is away it is
believed for AWAY_S, for a console must come back to its call then too.
"""

from __future__ import annotations

import contextlib
import hashlib
import secrets
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from agent_console.server import store
from agent_console.server.actor import Actor
from agent_console.server.models import WebSession
from agent_console.server.store import Found
from crm_core.people.service import Person, Role
from cti.ports.clock import Clock
from storage.errors import DatabaseAway
from storage.unit_of_work import UnitOfWork

ABSOLUTE = timedelta(hours=12)
IDLE = timedelta(minutes=30)
SHIFT = timedelta(hours=12)  # an agent may be in one long conversation; his shift is his limit
TOUCH_S = 60.0  # `seen_at` is written at most this often
CACHE_S = 2.0
AWAY_S = 900.0
CACHED_AT_MOST = 10_000
_WORKING = (Role.AGENT, Role.HOTLINE_ENGINEER)


def digest(token: str) -> str:
    """What is stored of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def idle_limit(role: Role) -> timedelta:
    """How long somebody may do nothing."""
    return SHIFT if role in _WORKING else IDLE


@dataclass(slots=True)
class _Known:
    actor: Actor
    at: float  # monotonic
    seen: float  # monotonic of the last `seen_at` written or read
    expires_at: datetime


class Sessions:
    """Opened at log-in, ended at log-out, by age or when the account is disabled."""

    def __init__(self, uow: UnitOfWork, clock: Clock) -> None:
        self._uow, self._clock = uow, clock
        self._known: OrderedDict[str, _Known] = OrderedDict()

    async def open(self, person: Person, *, kind: str, address: str, user_agent: str) -> tuple[str, Actor]:
        """A new token; nothing of an earlier session is kept (session fixation)."""
        token, now = secrets.token_urlsafe(32), self._clock.now()
        row = WebSession(
            id=digest(token), user_id=person.id, kind=kind, csrf=secrets.token_urlsafe(24), created_at=now, seen_at=now,
            expires_at=now + ABSOLUTE, ended_at=None, address=address[:64], user_agent=_line(user_agent)[:200],
        )  # fmt: skip
        async with self._uow.write() as session:
            session.add(row)
        actor = await self.actor(token)
        if actor is None:  # disabled between the password and this line
            raise LookupError("the account was disabled")
        return token, actor

    async def actor(self, token: str) -> Actor | None:
        """Who this token is, now; None for unknown, ended, idle or expired, and for a disabled account."""
        return await self.by_id(digest(token))

    async def by_id(self, session_id: str) -> Actor | None:
        """The same by the session's id."""
        known, mono = self._known.get(session_id), self._clock.monotonic()
        if known is None or mono - known.at > CACHE_S:
            known = await self._fresh(session_id, known)
        if known is None or known.expires_at <= self._clock.now():
            return None
        return known.actor

    async def touch(self, session_id: str) -> None:
        """The person did something."""
        known = self._known.get(session_id)
        if known is None or self._clock.monotonic() - known.seen <= TOUCH_S:
            return
        known.seen = self._clock.monotonic()
        with contextlib.suppress(DatabaseAway):  # it is only the idle clock: the next one tells it again
            await self.seen([session_id])

    async def alive(self, session_ids: Iterable[str]) -> dict[str, Actor]:
        """Those of many that still hold, as the people are now. Raises DatabaseAway: then nobody is judged."""
        ids = set(session_ids)
        if not ids:
            return {}
        async with self._uow.read() as session:
            rows = await store.sessions(session, ids)
        for session_id in ids:
            self._known.pop(session_id, None)
        for row in rows:
            self._remember(row)
        return {session_id: self._known[session_id].actor for session_id in ids if session_id in self._known}

    async def end(self, session_id: str) -> bool:
        """True for whoever ended it; it holds no longer in this process from now on."""
        self._known.pop(session_id, None)
        async with self._uow.write() as session:
            ended = await store.end(session, session_id, self._clock.now())
        self._known.pop(session_id, None)
        return ended

    async def seen(self, session_ids: Iterable[str]) -> None:
        """These people used their pages."""
        ids = set(session_ids)
        if ids:
            async with self._uow.write() as session:
                await store.seen(session, ids, self._clock.now())

    async def _fresh(self, session_id: str, known: _Known | None) -> _Known | None:
        try:
            async with self._uow.read() as session:
                rows = await store.sessions(session, [session_id])
        except DatabaseAway:
            if known is not None and self._clock.monotonic() - known.at < AWAY_S:
                return known
            raise
        self._known.pop(session_id, None)
        return self._remember(rows[0]) if rows else None

    def _remember(self, found: Found) -> _Known | None:
        row, user, agent = found
        now, mono = self._clock.now(), self._clock.monotonic()
        role = Role(user.role)
        over = row.ended_at is not None or user.disabled or row.expires_at <= now or now - row.seen_at > idle_limit(role)
        if over:
            return None
        actor = Actor(
            user=user.id, login=user.login, name=user.name, role=role, team=user.team_id, language=user.language,
            demo=user.demo, agent=agent.id if agent else "", number=agent.number if agent else "",
            session=row.id, kind=row.kind, csrf=row.csrf,
        )  # fmt: skip
        known = _Known(actor, mono, mono - (now - row.seen_at).total_seconds(), row.expires_at)
        self._known[row.id] = known
        while len(self._known) > CACHED_AT_MOST:
            self._known.popitem(last=False)
        return known


def _line(text: str) -> str:
    return "".join(char if char.isprintable() else " " for char in text)
