"""The other end of an AMI connection for tests: reads as Asterisk's manager does, answers as it did in recorded sessions."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable

from cti.ami.allowed_actions import CTL_ALLOWED, READ_ALLOWED
from cti.ami.connection import AmiConnection, Login, Pace

Headers = list[tuple[str, str]]
BANNER = b"Asterisk Call Manager/11.0.0\r\n"
BOOTED = b"Event: FullyBooted\r\nPrivilege: system,all\r\nUptime: 30\r\nLastReload: 30\r\nStatus: Fully Booted\r\n\r\n"


def read_actions(stream: bytes) -> list[Headers]:
    """Bytes as main/manager.c takes them apart: a bare LF ends a line, CR before it is trimmed, an empty line ends an action."""
    actions: list[Headers] = []
    headers: Headers = []
    for line in stream.split(b"\n"):
        text = line.rstrip(b"\r").decode("utf-8", "surrogateescape")
        if text:
            name, _, value = text.partition(":")
            headers.append((name, value.removeprefix(" ")))
        elif headers:
            actions.append(headers)
            headers = []
    return actions


def message(*lines: str) -> bytes:
    return "".join(line + "\r\n" for line in lines).encode() + b"\r\n"


class AmiPeer:
    """Listening; `received` are all actions of all connections. `answer` may take an action over (return bytes, or None)."""

    def __init__(self) -> None:
        self.raw = b""
        self.received: list[Headers] = []
        self.connections: list[asyncio.StreamWriter] = []
        self.answer: Callable[[str, Headers], bytes | None] = lambda _name, _headers: None
        self.mute = False
        self.refuse_login = False
        self.allowed = {"cti_read": set(READ_ALLOWED), "cti_ctl": set(CTL_ALLOWED)}
        self.started = "01:15:56"

    def names(self) -> list[str]:
        return [dict(headers)["Action"] for headers in self.received]

    def say(self, data: bytes) -> None:
        for writer in self.connections:
            writer.write(data)

    @contextlib.asynccontextmanager
    async def listening(self) -> AsyncIterator[int]:
        server = await asyncio.start_server(self._connected, "127.0.0.1", 0)
        try:
            yield server.sockets[0].getsockname()[1]
        finally:
            server.close()
            for writer in self.connections:
                writer.close()
            await asyncio.sleep(0)

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections.append(writer)
        writer.write(BANNER)
        user, rest = "", b""
        while data := await reader.read(65536):
            self.raw += data
            rest += data
            *whole, rest = rest.split(b"\r\n\r\n")
            for block in whole:
                for headers in read_actions(block + b"\r\n\r\n"):
                    self.received.append(headers)
                    values = dict(headers)
                    user = values.get("Username", user)
                    if not self.mute:
                        writer.write(self._answer(values.get("Action", ""), headers, user))
        writer.close()

    def _answer(self, name: str, headers: Headers, user: str) -> bytes:
        own = self.answer(name, headers)
        if own is not None:
            return own
        aid = f"ActionID: {dict(headers).get('ActionID', '')}"
        if name == "Login":
            if self.refuse_login:
                return message("Response: Error", aid, "Message: Authentication failed")
            return message("Response: Success", aid, "Message: Authentication accepted") + (BOOTED if user == "cti_read" else b"")
        if name == "ListCommands":
            return message("Response: Success", aid, *(f"{each}: says  (Priv: <none>)" for each in sorted(self.allowed[user])))
        if name == "CoreStatus":
            return message("Response: Success", aid, "CoreStartupDate: 2026-11-22", f"CoreStartupTime: {self.started}")
        return message("Response: Success", aid)


QUICK = Pace(ping_every=0.05, dead_after=0.15, answer_within=5.0, connect_within=2.0)


@contextlib.asynccontextmanager
async def connected(peer: AmiPeer, on_event=lambda _event: None, pace: Pace = QUICK) -> AsyncIterator[AmiConnection]:
    """A connection of ours to this peer, logged in."""
    async with peer.listening() as port:
        connection = AmiConnection(Login("127.0.0.1", port, "cti_read", "secret"), on_event, pace)
        await connection.connect()
        try:
            yield connection
        finally:
            connection.close()
            await asyncio.sleep(0)
