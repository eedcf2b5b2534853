"""The bus on a local socket: newline JSON, one connection an api. The default; nothing to install.

The socket's directory is opened and the name taken below /proc/self/fd, for a Unix socket's path may have 107 bytes only
(unix(7)) and a state directory may be deep.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import random
from collections.abc import Iterator, Sequence
from pathlib import Path

from cti.bus.codec import BadMessage, decode, encode
from cti.bus.hub import Hub
from cti.bus.lines import Lines
from cti.bus.link import CoreLink, LinkEnded
from cti.bus.messages import Beat, Change, Command, JsonObject, PageSignal
from cti.bus.port import BEAT_S, COMMAND_S, CoreHandler, CoreListener
from cti.calls.facts import JsonValue

log = logging.getLogger("cti.bus")


@contextlib.contextmanager
def _short_path(path: Path) -> Iterator[str]:
    directory = os.open(path.parent, os.O_PATH | os.O_DIRECTORY)
    try:
        yield f"/proc/self/fd/{directory}/{path.name}"
    finally:
        os.close(directory)


class _SocketLink:
    """One api's connection, at the core."""

    def __init__(self, hub: Hub, links: set[_SocketLink]) -> None:
        self.api = ""
        self._hub, self._links = hub, links
        self.lines = Lines(self._received, self._ended)
        links.add(self)

    def send(self, line: bytes) -> None:
        self.lines.send(line)

    def cut(self) -> None:
        self.lines.cut()

    def _received(self, line: bytes) -> bool:
        try:
            self._hub.received(self, decode(line))
        except BadMessage as error:
            log.warning("an api sent no message of ours: %s", error, extra={"action": "bus_bad_message"})
            return False
        return True

    def _ended(self) -> None:
        self._links.discard(self)
        self._hub.closed(self)


class LocalBusServer:
    """The core's side. `listening` is set when an api can connect."""

    def __init__(self, path: Path, epoch: str) -> None:
        self.epoch, self._path = epoch, path
        self.listening = asyncio.Event()
        self._hub: Hub | None = None

    async def run(self, handler: CoreHandler) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._path.unlink(missing_ok=True)  # left by a killed core; the state's lock proves that no other core lives
        links: set[_SocketLink] = set()
        async with asyncio.TaskGroup() as group:
            hub = self._hub = Hub(self.epoch, handler, group.create_task)
            with _short_path(self._path) as path:
                server = await asyncio.get_running_loop().create_unix_server(lambda: _SocketLink(hub, links).lines, path)
            self._path.chmod(0o600)
            self.listening.set()
            try:
                await _beats(hub, links)
            finally:
                self.listening.clear()
                server.close()
                self._path.unlink(missing_ok=True)
                for link in list(links):
                    link.cut()

    def publish_delta(self, changes: Sequence[Change]) -> None:
        if self._hub is not None:
            self._hub.publish_delta(changes)

    def send_page(self, page: str, message: JsonObject) -> bool:
        return self._hub is not None and self._hub.send_page(page, message)


async def _beats(hub: Hub, links: set[_SocketLink]) -> None:
    while True:
        await asyncio.sleep(BEAT_S)
        hub.beat()
        for link in list(links):
            link.lines.check()


class LocalBusClient:
    """The api's side: connects, and again after each loss, with a short random wait."""

    def __init__(self, path: Path, api: str, chance: random.Random) -> None:
        self._path, self._chance = path, chance
        self._link = CoreLink(api)

    @property
    def up(self) -> bool:
        return self._link.up

    async def run(self, listener: CoreListener) -> None:
        wait = 0.1
        while True:
            try:
                await self._talk(listener)
                wait = 0.1
            except OSError:
                wait = min(1.0, wait * 1.5)
            await asyncio.sleep(wait * (0.5 + self._chance.random()))

    async def _talk(self, listener: CoreListener) -> None:
        """From the connection to its end. Raises OSError when there is no core."""
        over = asyncio.Event()
        lines = Lines(self._received, over.set)
        with _short_path(self._path) as path:
            await asyncio.get_running_loop().create_unix_connection(lambda: lines, path)
        try:
            self._link.connected(listener, lines.send)
            async with asyncio.TaskGroup() as group:
                beat = group.create_task(self._beat(lines))
                await over.wait()
                beat.cancel()
        finally:
            lines.cut()
            self._link.lost()

    def _received(self, line: bytes) -> bool:
        try:
            self._link.received(decode(line))
        except (LinkEnded, BadMessage) as error:
            log.warning("the link to the core is made anew: %s", error, extra={"action": "bus_link_ended"})
            return False
        return True

    async def _beat(self, lines: Lines) -> None:
        line = encode(Beat())
        while True:
            await asyncio.sleep(BEAT_S)
            lines.send(line)
            lines.check()

    async def command(self, command: Command, timeout: float = COMMAND_S) -> JsonValue:
        return await self._link.command(command, timeout)

    def signal(self, signal: PageSignal) -> None:
        self._link.signal(signal)
