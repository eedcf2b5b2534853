"""SIP over a WebSocket (RFC 7118): one message a frame, no retransmission."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Self

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Origin, Subprotocol

from carillon.softphone.transport import Received

MAX_MESSAGE = 32 * 1024
CLOSES_WITHIN = 1.0  # seconds for the other end to answer our close frame: Asterisk at times does not


class WsTransport:
    """Use as `async with`, then `run()` until the other end closes."""

    reliable = True

    def __init__(
        self, url: str, received: Received, *, headers: Mapping[str, str] | None = None, origin: str | None = None
    ) -> None:
        # RFC 7118, section 5: a page has no address of its own
        name = f"{secrets.token_hex(6)}.invalid"
        self.via, self.host = f"WS {name}", f"{name};transport=ws"
        self._url, self._received, self._headers, self._origin = url, received, headers, origin
        self._outbox: asyncio.Queue[bytes | None] = asyncio.Queue(1000)
        self._socket: ClientConnection | None = None

    async def __aenter__(self) -> Self:
        self._socket = await connect(
            self._url,
            subprotocols=[Subprotocol("sip")],
            additional_headers=self._headers,
            origin=Origin(self._origin) if self._origin else None,
            proxy=None,
            compression=None,
            max_size=MAX_MESSAGE,
            close_timeout=CLOSES_WITHIN,
        )
        return self

    async def __aexit__(self, kind: type[BaseException] | None, why: BaseException | None, trace: TracebackType | None) -> None:
        if self._socket is not None:
            await self._socket.close()

    async def run(self, closed: Callable[[int | None], None] = lambda _code: None) -> None:
        """Read and write until the socket ends; `closed` gets the close code (None without a close frame)."""
        socket = self._socket
        if socket is None:
            raise RuntimeError("not connected")
        async with asyncio.TaskGroup() as group:
            writer = group.create_task(self._write(socket))
            await self._read(socket)
            writer.cancel()
        closed(socket.close_code)

    async def _read(self, socket: ClientConnection) -> None:
        try:
            async for message in socket:
                self._received(message.encode("utf-8", "surrogateescape") if isinstance(message, str) else message)
        except ConnectionClosed:
            return  # an api that was killed sends no close frame

    async def _write(self, socket: ClientConnection) -> None:
        while (message := await self._outbox.get()) is not None:
            try:
                await socket.send(message.decode("utf-8", "replace"))
            except ConnectionClosed:
                return

    def send(self, message: bytes) -> None:
        """Dropped when the socket is gone: the one who sent it has a timer."""
        if not self._outbox.full():
            self._outbox.put_nowait(message)

    def close(self) -> None:
        """Ends `run` after what was sent before."""
        if not self._outbox.full():
            self._outbox.put_nowait(None)
