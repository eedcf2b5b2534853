"""A TCP proxy before a real Asterisk that can lose things: black hole, reset, stop at a word, read slowly."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import struct
from collections.abc import AsyncIterator


class AmiProxy:
    """Forwards both ways until told otherwise."""

    def __init__(self, to_port: int) -> None:
        self._to = to_port
        self._pairs: list[tuple[asyncio.StreamWriter, asyncio.StreamWriter]] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self.flowing = asyncio.Event()
        self.flowing.set()
        self.refuse = False
        self.reset_before: bytes | None = None  # cut when the client sends this, without passing it on
        self.reset_after: bytes | None = None  # cut when the client sends this, after passing it on
        self.seen = b""
        self.from_server = 0

    @contextlib.asynccontextmanager
    async def listening(self) -> AsyncIterator[int]:
        server = await asyncio.start_server(self._connected, "127.0.0.1", 0)
        try:
            yield server.sockets[0].getsockname()[1]
        finally:
            server.close()
            self.flowing.set()
            self.reset()
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        if self.refuse:
            writer.transport.abort()
            return
        up_reader, up_writer = await asyncio.open_connection("127.0.0.1", self._to)
        self._pairs.append((writer, up_writer))
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            await asyncio.gather(self._up(reader, up_writer), self._down(up_reader, writer))

    async def _up(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(65536):
            await self.flowing.wait()
            self.seen += data
            if self.reset_before is not None and self.reset_before in data:
                self.reset()
                return
            writer.write(data)
            await writer.drain()
            if self.reset_after is not None and self.reset_after in data:
                self.reset()
                return
        writer.close()

    async def _down(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(65536):
            await self.flowing.wait()
            self.from_server += len(data)
            writer.write(data)
            await writer.drain()
        writer.close()

    def black_hole(self) -> None:
        """Nothing arrives any more and nobody is told: a pulled cable."""
        self.flowing.clear()

    def heal(self) -> None:
        self.flowing.set()

    def reset(self) -> None:
        """RST to both sides of every connection."""
        for pair in self._pairs:
            for writer in pair:
                with contextlib.suppress(OSError):
                    raw = writer.get_extra_info("socket")
                    if raw is not None:
                        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                writer.transport.abort()
        self._pairs.clear()
