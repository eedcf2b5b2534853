"""The core's side of the bus without any transport: who is connected, numbering, commands once, pages to their api."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine, Sequence
from typing import Protocol

from cti.bus.answers import Answers
from cti.bus.codec import encode
from cti.bus.messages import (
    ApiHello,
    Beat,
    Bye,
    Change,
    Command,
    CoreHello,
    Delta,
    JsonObject,
    Message,
    PageMessage,
    PageSignal,
    Reply,
    Snapshot,
)
from cti.bus.port import CommandRefused, CoreHandler

log = logging.getLogger("cti.bus")

RUNNING_AT_MOST = 2_000  # commands at once; more are refused as `overloaded`, so that signals are always read


class ApiLink(Protocol):
    """One api's way back. `send` never blocks."""

    api: str

    def send(self, line: bytes) -> None: ...
    def cut(self) -> None: ...


class Hub:
    """One per core process. Its methods run on the event loop and never wait, so their order is the order of what happened."""

    def __init__(
        self, epoch: str, handler: CoreHandler, spawn: Callable[[Coroutine[None, None, None]], asyncio.Task[None]]
    ) -> None:
        self.epoch, self.seq = epoch, 0
        self._handler, self._spawn = handler, spawn
        self._links: dict[str, ApiLink] = {}  # by api id
        self._pages: dict[str, str] = {}  # page -> api id
        self._answers = Answers()
        self._running = 0

    # ---- out --------------------------------------------------------------------------------------------------------

    def publish_delta(self, changes: Sequence[Change]) -> None:
        """One encoding for all apis."""
        self.seq += 1
        if self._links:
            line = encode(Delta(self.epoch, self.seq, tuple(changes)))
            for link in self._links.values():
                link.send(line)

    def send_page(self, page: str, message: JsonObject) -> bool:
        """To the api that has the page open."""
        link = self._links.get(self._pages.get(page, ""))
        if link is None:
            return False
        link.send(encode(PageMessage(page, message)))
        return True

    # ---- in ---------------------------------------------------------------------------------------------------------

    def received(self, link: ApiLink, message: Message) -> None:
        """One message of an api. Before its hello an api may say nothing."""
        if isinstance(message, ApiHello):
            self._hello(link, message)
        elif self._links.get(link.api) is not link:
            link.send(encode(Bye()))
        elif isinstance(message, Command):
            self._command(link, message)
        elif isinstance(message, PageSignal):
            self._signal(link, message)
        elif not isinstance(message, Beat):
            log.warning("api %s sent a message that only a core sends", link.api, extra={"action": "bus_wrong_message"})

    def closed(self, link: ApiLink) -> None:
        """The link ended; an older link of an api that is already back changes nothing."""
        if self._links.get(link.api) is link:
            del self._links[link.api]
            self._forget_pages(link.api)
            self._handler.on_api(link.api, False, ())

    def beat(self) -> None:
        """Once a second."""
        line = encode(Beat())
        for link in self._links.values():
            link.send(line)

    def _hello(self, link: ApiLink, hello: ApiHello) -> None:
        link.api = hello.api
        older = self._links.pop(hello.api, None)
        if older is not None and older is not link:
            older.cut()
        self._forget_pages(hello.api)
        self._pages.update(dict.fromkeys((page.page for page in hello.pages), hello.api))
        link.send(encode(CoreHello(self.epoch, self.seq)))
        link.send(encode(Snapshot(self.epoch, self.seq, self._handler.snapshot())))
        self._links[hello.api] = link
        self._handler.on_api(hello.api, True, hello.pages)

    def _forget_pages(self, api: str) -> None:
        for page in [page for page, at in self._pages.items() if at == api]:
            del self._pages[page]

    def _signal(self, link: ApiLink, signal: PageSignal) -> None:
        if signal.signal == "open":
            self._pages[signal.page] = link.api
        elif signal.signal == "gone":
            self._pages.pop(signal.page, None)
        self._handler.on_page(signal)

    def _command(self, link: ApiLink, command: Command) -> None:
        if self._running >= RUNNING_AT_MOST:
            link.send(encode(Reply(command.id, error="overloaded")))
            return
        self._running += 1
        self._spawn(self._carry_out(link, command))

    async def _carry_out(self, link: ApiLink, command: Command) -> None:
        try:
            link.send(encode(await self._answers.once(command, self._run)))
        finally:
            self._running -= 1

    async def _run(self, command: Command) -> Reply:
        try:
            return Reply(command.id, result=await self._handler.on_command(command))
        except CommandRefused as refused:
            return Reply(command.id, error=refused.code, params=refused.params)
        except Exception:  # the boundary of a command: one that is broken must not end the others
            log.exception("command %s failed", command.name, extra={"action": "command_failed"})
            return Reply(command.id, error="internal")
