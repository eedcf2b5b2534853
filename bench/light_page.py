"""A console page for load: one WebSocket that costs this process little. It acknowledges pops, beats once a second, and tells
its owner of each text frame that contains what was waited for. Frames are looked at as bytes, never parsed as JSON.
"""

from __future__ import annotations

import asyncio
import base64
import os
import struct
import time
from collections.abc import Callable

TEXT, PING = 1, 9
BEAT = b'{"type":"beat"}'
POP, NONCE = b'"type":"pop",', b'"nonce":"'
_MASK = b"\x00\x00\x00\x00"  # RFC 6455 wants a mask; a zero one leaves the bytes as they are


def frame(opcode: int, body: bytes) -> bytes:
    """A whole client frame (RFC 6455 section 5.2)."""
    size = len(body)
    head = struct.pack("!BB", 0x80 | opcode, 0x80 | size) if size < 126 else struct.pack("!BBH", 0x80 | opcode, 0x80 | 126, size)
    return head + _MASK + body


class LightPage(asyncio.Protocol):
    """`await LightPage.open(...)`. `expect(bytes, told)`: `told(moment)` at the first frame that contains them."""

    def __init__(self) -> None:
        self._transport: asyncio.Transport | None = None
        self._rest, self._open = b"", False
        self._expected: list[tuple[bytes, Callable[[float], None]]] = []
        self.opened: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.closed: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.on_pop: Callable[[bytes, float], None] = lambda _frame, _moment: None
        self.first: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()
        self.frames = self.bytes = 0

    @classmethod
    async def open(cls, port: int, path: str, origin: str = "") -> LightPage:
        _, page = await asyncio.get_running_loop().create_connection(cls, "127.0.0.1", port)
        key = base64.b64encode(os.urandom(16)).decode()
        head = [f"GET {path} HTTP/1.1", f"Host: 127.0.0.1:{port}", "Upgrade: websocket", "Connection: Upgrade"]
        head += [f"Sec-WebSocket-Key: {key}", "Sec-WebSocket-Version: 13", f"Origin: {origin or f'http://127.0.0.1:{port}'}"]
        page.write("\r\n".join([*head, "", ""]).encode())
        await asyncio.wait_for(page.opened, 15)
        return page

    def write(self, data: bytes) -> None:
        if self._transport is not None:
            self._transport.write(data)

    def text(self, body: bytes) -> None:
        self.write(frame(TEXT, body))

    def beat(self) -> None:
        self.write(_BEAT_FRAME)

    def expect(self, what: bytes, told: Callable[[float], None]) -> None:
        self._expected.append((what, told))

    def forget(self) -> None:
        """Nothing is waited for any more."""
        self._expected = []

    def close(self) -> None:
        if self._transport is not None:
            self._transport.close()

    # ---- asyncio.Protocol -------------------------------------------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.closed.done():
            self.closed.set_result(None)
        if not self.opened.done():
            self.opened.set_exception(ConnectionError("the server refused the socket"))

    def data_received(self, data: bytes) -> None:
        moment = time.perf_counter()
        self.bytes += len(data)
        if self._rest:
            data = self._rest + data
        if not self._open:
            head, found, data = data.partition(b"\r\n\r\n")
            if not found:
                self._rest = head
                return
            if b" 101 " not in head.partition(b"\r\n")[0]:
                self.opened.set_exception(ConnectionError(head.decode(errors="replace")[:100]))
                return
            self._open = True
            self.opened.set_result(None)
        self._rest = self._frames(data, moment)

    def _frames(self, data: bytes, moment: float) -> bytes:
        at, end = 0, len(data)
        while end - at >= 2:
            size, start = data[at + 1], at + 2
            if size >= 126:
                width = 2 if size == 126 else 8
                size, start = int.from_bytes(data[start : start + width]), start + width
            if start + size > end:
                break
            self._frame(data[at] & 15, data[start : start + size], moment)
            at = start + size
        return data[at:]

    def _frame(self, opcode: int, body: bytes, moment: float) -> None:
        if opcode == PING:
            self.write(frame(10, body))
            return
        if opcode != TEXT:
            return
        self.frames += 1
        if not self.first.done():
            self.first.set_result(body)
        if POP in body[:64]:
            start = body.index(NONCE) + len(NONCE)
            self.text(b'{"type":"ack","nonce":"' + body[start : body.index(b'"', start)] + b'"}')
            self.on_pop(body, moment)
        if self._expected:
            kept = []
            for what, told in self._expected:
                if what in body:
                    told(moment)
                else:
                    kept.append((what, told))
            self._expected = kept


_BEAT_FRAME = frame(TEXT, BEAT)
