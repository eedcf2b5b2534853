"""Open console pages, and what the core must know of them: opened, silent, gone.

Of an agent's pages one leads: the one that rings and has the softphone. It is the first that opened, until another asks
for a softphone (a newer tab, another machine): then that one leads. The core is told of leading pages only.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

import orjson

from agent_console.server.actor import Actor
from agent_console.server.page_queue import PageQueue
from crm_core.people.service import Role
from cti.bus.messages import LivePage, PageSignal
from cti.ports.clock import Clock
from storage.base import iso

SILENT_S = 3.0
PAGES_OF_A_SESSION = 8
SESSION_OVER, NOT_ALLOWED, TOO_SLOW, REPLACED, RESTARTS = 4001, 4003, 4008, 4009, 1012
Signal = Callable[[PageSignal], None]


def new_page_id() -> str:
    """Random, as it also proves at /sip and at a reconnect that the page is that page."""
    return f"pg-{secrets.token_hex(16)}"


@dataclass(eq=False, slots=True)
class Page:
    """One socket of one page. `shown` are the calls it was shown, `told` the callbacks that came up, each with its time."""

    id: str
    actor: Actor
    since: datetime
    heard: float  # monotonic
    queue: PageQueue = field(init=False)
    shown: set[str] = field(default_factory=set)
    wave: int = 0  # of presence and figures: the last one that its snapshot holds already
    told: set[tuple[str, datetime]] = field(default_factory=set)
    silent: bool = False
    closing: asyncio.Event = field(default_factory=asyncio.Event)
    close_code: int = 0

    def __post_init__(self) -> None:
        self.queue = PageQueue(partial(self.close, TOO_SLOW))

    def close(self, code: int) -> None:
        """Its socket ends with this code."""
        if not self.closing.is_set():
            self.close_code = code
            self.closing.set()

    def send(self, message: object) -> None:
        """Queue a message of its own."""
        self.queue.message(orjson.dumps(message))


class Pages:
    """Every open page of this api process."""

    def __init__(self, clock: Clock, signal: Signal) -> None:
        self._clock, self._signal = clock, signal
        self._pages: dict[str, Page] = {}
        self._of_agent: dict[str, dict[str, Page]] = {}
        self._of_role: dict[Role, dict[str, Page]] = {}
        self._leads: dict[str, str] = {}  # agent -> page

    def __iter__(self) -> Iterator[Page]:
        """As of now: pages come and go while one is told."""
        return iter(list(self._pages.values()))

    def __len__(self) -> int:
        return len(self._pages)

    def get(self, page_id: str) -> Page | None:
        """None: not open here."""
        return self._pages.get(page_id)

    def leader(self, agent: str) -> Page | None:
        """The page that rings for this agent."""
        return self._pages.get(self._leads.get(agent, ""))

    def of_agent(self, agent: str) -> list[Page]:
        """All his pages."""
        return list(self._of_agent.get(agent, {}).values()) if agent else []

    def of_roles(self, roles: Iterable[Role]) -> list[Page]:
        """All pages of people with one of these roles."""
        return [page for role in roles for page in self._of_role.get(role, {}).values()]

    def of_session(self, session: str) -> list[Page]:
        """All pages of one log-in."""
        return [page for page in self._pages.values() if page.actor.session == session]

    # ---- coming and going -------------------------------------------------------------------------------------------

    def open(self, page: Page) -> None:
        """A page that comes back under its own id takes the place of its old socket: nothing is told as gone."""
        older = self._pages.get(page.id)
        if older is not None:
            self._forget(older)
        self._pages[page.id] = page
        self._of_agent.setdefault(page.actor.agent, {})[page.id] = page
        self._of_role.setdefault(page.actor.role, {})[page.id] = page
        if older is not None:
            older.close(REPLACED)
        self._make_room(page)
        agent = page.actor.agent
        if agent and self.leader(agent) in (None, page):
            self._leads[agent] = page.id
            self._say("open", page)

    def _make_room(self, newest: Page) -> None:
        """The oldest pages of a log-in that has too many end; the one with the softphone may be talking and stays."""
        own = [page for page in self.of_session(newest.actor.session) if not page.closing.is_set()]
        spared = {newest, self.leader(newest.actor.agent)}
        others = [page for page in own if page not in spared]
        for page in others[: max(0, len(own) - PAGES_OF_A_SESSION)]:
            page.close(REPLACED)

    def lead(self, page: Page) -> None:
        """This page gets the softphone; the one that had it is a remote control from now on."""
        agent = page.actor.agent
        if agent and self._leads.get(agent) != page.id:
            self._leads[agent] = page.id
            self._say("open", page)

    def gone(self, page: Page, code: int) -> None:
        """Its socket ended. Only the leading page's end means something to the core."""
        if self._pages.get(page.id) is not page:
            return
        self._forget(page)
        agent = page.actor.agent
        if self._leads.get(agent) == page.id:
            del self._leads[agent]
            self._say("gone", page, code=code)

    def _forget(self, page: Page) -> None:
        del self._pages[page.id]
        for index, name in ((self._of_agent, page.actor.agent), (self._of_role, page.actor.role)):
            pages: dict[str, Page] = index[name]  # type: ignore[index]
            del pages[page.id]

    # ---- signs of life ----------------------------------------------------------------------------------------------

    def hear(self, page: Page) -> None:
        """Anything a page says proves it alive."""
        page.heard = self._clock.monotonic()
        if page.silent:
            page.silent = False
            if self.leader(page.actor.agent) is page:
                self._say("open", page)

    def ack(self, page: Page, nonce: str) -> None:
        """The time of receipt goes with it: the INVITE must be later."""
        self._say("ack", page, nonce=nonce)

    def find_silent(self) -> None:
        """Once a second: who said nothing for SILENT_S is told once as missed."""
        limit = self._clock.monotonic() - SILENT_S
        for page in self._pages.values():
            if page.heard < limit and not page.silent:
                page.silent = True
                if self.leader(page.actor.agent) is page:
                    self._say("missed", page)

    def live(self) -> list[LivePage]:
        """For the hello to a core."""
        leading = (self._pages[page_id] for page_id in self._leads.values() if page_id in self._pages)
        return [
            LivePage(page.id, page.actor.agent, page.actor.user, iso(page.since) or "") for page in leading if not page.silent
        ]

    def _say(self, signal: str, page: Page, *, nonce: str = "", code: int = 0) -> None:
        self._signal(PageSignal(signal, page.id, page.actor.agent, iso(self._clock.now()) or "", nonce, code))
