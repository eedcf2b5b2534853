"""SIP over WebSocket: browser ↔ api ↔ Asterisk. One SIP message is one text frame and is passed as it is.

Session, Origin and subprotocol are checked before the socket is accepted; there is one upstream, given by the settings.
A SIP socket lost alone is no lost page (JsSIP registers again), so nothing is told to the core from here.
"""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import structlog
from fastapi import APIRouter, WebSocket
from prometheus_client import Counter
from starlette.websockets import WebSocketDisconnect, WebSocketState
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, WebSocketException
from websockets.typing import Subprotocol

from agent_console.server.actor import Actor
from agent_console.server.errors import ApiError
from agent_console.server.policy import AT_DESK, allow

log = structlog.get_logger("api")
ROUTES = APIRouter()

MESSAGE_AT_MOST = 32 * 1024  # an INVITE's SDP is about 1 kB; Asterisk itself closes above 65,535
SUBPROTOCOL = "sip"  # RFC 7118, 5.1
SOCKETS_OF_A_SESSION = 4  # a page that comes back may have two for a moment; more is a fault or somebody who tries
POLICY_VIOLATION, TOO_BIG, RESTART, TRY_LATER = 1008, 1009, 1012, 1013


class Ended(StrEnum):
    """Which side ended a relayed socket."""

    PAGE = "page"
    SHUTDOWN = "shutdown"  # ours: uvicorn gives 1012, which a page cannot send
    ASTERISK = "asterisk"
    DROPPED = "dropped"  # the log-in is over
    REPLACED = "replaced"  # the same log-in opened too many newer ones
    REFUSED = "refused"  # too large


CLOSED_WITH = {Ended.DROPPED: POLICY_VIOLATION, Ended.REPLACED: POLICY_VIOLATION, Ended.REFUSED: TOO_BIG}
ENDS = Counter("carillon_sip_sockets_ended_total", "Relayed SIP sockets by the side that ended them", ["by"])


@dataclass(eq=False, slots=True)
class _Line:
    """One browser socket, which has its own connection to Asterisk."""

    actor: Actor
    socket: WebSocket
    over: asyncio.Event = field(default_factory=asyncio.Event)
    why: Ended = Ended.DROPPED  # when we end it

    def end(self, why: Ended) -> None:
        """From our side; the first reason counts."""
        if not self.over.is_set():
            self.why = why
            self.over.set()


@ROUTES.websocket("/sip", dependencies=allow(AT_DESK))
async def sip(socket: WebSocket) -> None:
    """`GET /sip`, docs/protocol.md section 4."""
    deps = socket.app.state.deps
    actor: Actor = socket.state.actor
    if actor.kind == "cookie":  # a software agent with a bearer token is no browser and has no Origin
        try:
            deps.auth.check_origin(socket)
        except ApiError:
            await socket.close(POLICY_VIOLATION)  # before accept: HTTP 403
            return
    if SUBPROTOCOL not in socket.scope["subprotocols"]:
        await socket.close(POLICY_VIOLATION)
        return
    await deps.relay.serve(socket, actor)


class SipRelay:
    """Every relayed socket of this process."""

    def __init__(self, upstream: str) -> None:
        self._upstream = upstream
        self._lines: dict[_Line, None] = {}  # in the order they came

    def actors(self) -> dict[str, Actor]:
        """Who has a SIP socket open, by session."""
        return {line.actor.session: line.actor for line in self._lines}

    def drop(self, session: str) -> None:
        """The log-in is over. The account at Asterisk dies first, by command; then this closes the socket."""
        for line in self._of_session(session):
            line.end(Ended.DROPPED)

    async def serve(self, socket: WebSocket, actor: Actor) -> None:
        """From the accept to the close of both sides. Counted before Asterisk is asked: a burst opens no burst of lines there."""
        line = _Line(actor, socket)
        self._lines[line] = None
        for oldest in self._of_session(actor.session)[:-SOCKETS_OF_A_SESSION]:
            oldest.end(Ended.REPLACED)
        try:
            await self._serve(line)
        finally:
            del self._lines[line]

    def _of_session(self, session: str) -> list[_Line]:
        return [line for line in self._lines if line.actor.session == session and not line.over.is_set()]

    async def _serve(self, line: _Line) -> None:
        socket = line.socket
        try:
            upstream = await connect(
                self._upstream,
                subprotocols=[Subprotocol(SUBPROTOCOL)],
                compression=None,
                max_size=MESSAGE_AT_MOST * 2,
                ping_interval=None,
                open_timeout=3,
                close_timeout=1,
                proxy=None,
            )
        except (OSError, TimeoutError, WebSocketException):
            await socket.accept(subprotocol=SUBPROTOCOL)
            await socket.close(TRY_LATER)  # JsSIP backs off and comes again
            return
        try:
            await socket.accept(subprotocol=SUBPROTOCOL)
            ended = await _pass(line, upstream)
            ENDS.labels(ended.value).inc()
            log.info("SIP socket ended", action="sip_ended", by=ended.value, agent=line.actor.agent)
            await _close(socket, CLOSED_WITH.get(ended, RESTART))
        finally:
            await upstream.close()


async def _pass(line: _Line, upstream: ClientConnection) -> Ended:
    """Both directions until one of them, or we, end it."""
    up = asyncio.ensure_future(_up(line.socket, upstream))
    down = asyncio.ensure_future(_down(line.socket, upstream))
    over = asyncio.ensure_future(line.over.wait())
    tasks: set[asyncio.Future[Any]] = {up, down, over}
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        if over.done():
            return line.why
        return up.result() if up.done() else down.result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _up(socket: WebSocket, upstream: ClientConnection) -> Ended:
    """Page to Asterisk. A binary frame is sent on as text: SIP is UTF-8 (RFC 3261, 7)."""
    while True:
        frame = await socket.receive()
        if frame["type"] == "websocket.disconnect":
            return Ended.SHUTDOWN if frame.get("code") == RESTART else Ended.PAGE
        data = (frame.get("text") or "").encode() or frame.get("bytes") or b""
        if len(data) > MESSAGE_AT_MOST:
            return Ended.REFUSED
        try:
            await upstream.send(data.decode("utf-8", "replace"))
        except ConnectionClosed:
            return Ended.ASTERISK


async def _down(socket: WebSocket, upstream: ClientConnection) -> Ended:
    """Asterisk to page. A frame that is not UTF-8 would make the browser drop the socket (1007): it is mended."""
    while True:
        try:
            data = await upstream.recv(decode=False)
        except ConnectionClosed:
            return Ended.ASTERISK
        try:
            await socket.send_text(data.decode("utf-8", "replace"))
        except (RuntimeError, WebSocketDisconnect):
            return Ended.PAGE


async def _close(socket: WebSocket, code: int) -> None:
    if socket.application_state is WebSocketState.CONNECTED and socket.client_state is WebSocketState.CONNECTED:
        with contextlib.suppress(RuntimeError, WebSocketDisconnect):
            await socket.close(code)
