"""Looks after open pages and SIP sockets: whose log-in ended, whose role or team changed, who is idle.

Every WATCH_S all sessions with something open are asked in one query, so a log-out in another process, a disabled account
or a lost role closes sockets within 5 s. While the database is away nobody is judged: talking goes on.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import structlog

from agent_console.server.actor import Actor
from agent_console.server.console import Console
from agent_console.server.pages import NOT_ALLOWED, SESSION_OVER
from agent_console.server.sessions import Sessions
from agent_console.server.sip_relay import SipRelay
from storage.errors import DatabaseAway

log = structlog.get_logger("api")
WATCH_S = 2.0
BEAT_S = 1.0
SEEN_EVERY = 30  # rounds: what people did on their pages is written once a minute


class Watch:
    """`over` is called with each actor whose log-in ended: his shift ends with it."""

    def __init__(self, sessions: Sessions, console: Console, relay: SipRelay) -> None:
        self._sessions, self._console, self._relay = sessions, console, relay
        self.over: Callable[[Actor], None] = lambda _actor: None
        self._used: set[str] = set()
        self._group: asyncio.TaskGroup | None = None

    def used(self, session: str) -> None:
        """Somebody did something on his page."""
        self._used.add(session)

    def later(self, work: Coroutine[Any, Any, None]) -> None:
        """Run beside; awaited at the end of the process."""
        if self._group is None:
            work.close()
            return
        self._group.create_task(work)

    async def run(self) -> None:
        """Until cancelled."""
        async with asyncio.TaskGroup() as self._group:
            self._group.create_task(self._beats())
            rounds = 0
            while True:
                await asyncio.sleep(WATCH_S)
                rounds += 1
                try:
                    if rounds % SEEN_EVERY == 0:
                        used, self._used = self._used, set()
                        await self._sessions.seen(used)
                    await self.look()
                except DatabaseAway:
                    log.warning("the database is away: nobody is judged until it is back", action="watch_blind")

    async def _beats(self) -> None:
        while True:
            await asyncio.sleep(BEAT_S)
            self._console.beat()

    async def look(self) -> None:
        """One round."""
        open_for = {page.actor.session: page.actor for page in self._console.pages} | self._relay.actors()
        alive = await self._sessions.alive(open_for)
        for session, before in open_for.items():
            now = alive.get(session)
            if now is None:
                self.ended(before)
            elif (now.role, now.team, now.agent) != (before.role, before.team, before.agent):
                self._changed(before, now)

    def ended(self, actor: Actor) -> None:
        """The log-in is over: close what it has open, and his shift ends."""
        self.close(actor)
        self.over(actor)

    def close(self, actor: Actor) -> None:
        """Only the sockets of this log-in."""
        for page in self._console.pages.of_session(actor.session):
            page.close(SESSION_OVER)
        self._relay.drop(actor.session)

    def _changed(self, before: Actor, now: Actor) -> None:
        """Another role or agent: begin anew. Another team: a new snapshot by the new rights."""
        for page in self._console.pages.of_session(now.session):
            if (now.role, now.agent) != (before.role, before.agent):
                page.close(SESSION_OVER if before.agent else NOT_ALLOWED)
            else:
                page.actor = now
                page.queue.restart(self._console.snapshot_for(page))
        if (now.role, now.agent) != (before.role, before.agent):
            self._relay.drop(now.session)
