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
from cti.bus.link import CoreLink, LinkEnded
from cti.bus.messages import Beat, Change, Command, JsonObject, PageSignal
from cti.bus.outbox import Outbox
from cti.bus.port import BEAT_S, COMMAND_S, SILENCE_S, CoreHandler, CoreListener
from cti.calls.facts import JsonValue

log = logging.getLogger("cti.bus")

LINE_LIMIT = 64 * 1024 * 1024  # a snapshot of 1,000 agents and 500 calls is about 1 MB


@contextlib.contextmanager
def _short_path(path: Path) -> Iterator[str]:
    directory = os.open(path.parent, os.O_PATH | os.O_DIRECTORY)
    try:
        yield f"/proc/self/fd/{directory}/{path.name}"
    finally:
        os.close(directory)


class _SocketLink:
    """One api's connection, at the core."""

    def __init__(self, writer: asyncio.StreamWriter) -> None:
        self.api = ""
        self.outbox = Outbox()
        self._writer = writer

    def send(self, line: bytes) -> None:
        self.outbox.put(line)

    def cut(self) -> None:
        self.outbox.end()
        self._writer.transport.abort()


async def _write(outbox: Outbox, writer: asyncio.StreamWriter) -> None:
    """Send what waits. A peer that takes nothing for SILENCE_S, or an outbox that overflowed, ends the link."""
    try:
        while lines := await outbox.take():
            writer.writelines(lines)
            async with asyncio.timeout(SILENCE_S):
                await writer.drain()
    except (OSError, TimeoutError):
        log.warning("the peer of the bus does not read; the link is cut", extra={"action": "bus_cut"})
    if outbox.overflown:
        log.warning("the bus's outbox overflowed; the link is cut", extra={"action": "bus_overflow"})
    writer.transport.abort()


async def _lines(reader: asyncio.StreamReader) -> bytes:
    """The next line; b'' at the end. A peer that is silent for SILENCE_S has ended."""
    try:
        async with asyncio.timeout(SILENCE_S):
            line = await reader.readline()
    except (TimeoutError, OSError, ValueError):
        return b""
    return line if line.endswith(b"\n") else b""


class LocalBusServer:
    """The core's side. `listening` is set when an api can connect."""

    def __init__(self, path: Path, epoch: str) -> None:
        self.epoch, self._path = epoch, path
        self.listening = asyncio.Event()
        self._hub: Hub | None = None

    async def run(self, handler: CoreHandler) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._path.unlink(missing_ok=True)  # left by a killed core; the state's lock proves that no other core lives
        async with asyncio.TaskGroup() as group:
            hub = self._hub = Hub(self.epoch, handler, group.create_task)

            def met(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
                group.create_task(self._serve(hub, reader, writer))

            with _short_path(self._path) as path:
                server = await asyncio.start_unix_server(met, path, limit=LINE_LIMIT)
            self._path.chmod(0o600)
            self.listening.set()
            try:
                await _beats(hub)
            finally:
                self.listening.clear()
                server.close()
                self._path.unlink(missing_ok=True)

    async def _serve(self, hub: Hub, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        link = _SocketLink(writer)
        async with asyncio.TaskGroup() as group:
            group.create_task(_write(link.outbox, writer))
            try:
                while line := await _lines(reader):
                    hub.received(link, decode(line))
            except BadMessage as error:
                log.warning("an api sent no message of ours: %s", error, extra={"action": "bus_bad_message"})
            finally:
                hub.closed(link)
                link.cut()

    def publish_delta(self, changes: Sequence[Change]) -> None:
        if self._hub is not None:
            self._hub.publish_delta(changes)

    def send_page(self, page: str, message: JsonObject) -> bool:
        return self._hub is not None and self._hub.send_page(page, message)


async def _beats(hub: Hub) -> None:
    while True:
        await asyncio.sleep(BEAT_S)
        hub.beat()


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
                with _short_path(self._path) as path:
                    reader, writer = await asyncio.open_unix_connection(path, limit=LINE_LIMIT)
            except OSError:
                wait = min(1.0, wait * 1.5)
            else:
                await self._talk(listener, reader, writer)
                wait = 0.1
            await asyncio.sleep(wait * (0.5 + self._chance.random()))

    async def _talk(self, listener: CoreListener, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        outbox = Outbox()
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(_write(outbox, writer)), group.create_task(self._beat(outbox))]
            try:
                self._link.connected(listener, outbox.put)
                while line := await _lines(reader):
                    self._link.received(decode(line))
            except (LinkEnded, BadMessage) as error:
                log.warning("the link to the core is made anew: %s", error, extra={"action": "bus_link_ended"})
            finally:
                outbox.end()
                writer.transport.abort()
                for task in tasks:
                    task.cancel()
                self._link.lost()

    async def _beat(self, outbox: Outbox) -> None:
        line = encode(Beat())
        while True:
            await asyncio.sleep(BEAT_S)
            outbox.put(line)

    async def command(self, command: Command, timeout: float = COMMAND_S) -> JsonValue:
        return await self._link.command(command, timeout)

    def signal(self, signal: PageSignal) -> None:
        self._link.signal(signal)
