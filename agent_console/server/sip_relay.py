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
POLICY_VIOLATION, TOO_BIG, RESTART, TRY_LATER = 1008, 1009, 1012, 1013


class Ended(StrEnum):
    """Which side ended a relayed socket."""

    PAGE = "page"
    SHUTDOWN = "shutdown"  # ours: uvicorn gives 1012, which a page cannot send
    ASTERISK = "asterisk"
    DROPPED = "dropped"  # the log-in is over
    REFUSED = "refused"  # too large


ENDS = Counter("carillon_sip_sockets_ended_total", "Relayed SIP sockets by the side that ended them", ["by"])


@dataclass(eq=False, slots=True)
class _Line:
    """One browser socket and its own connection to Asterisk."""

    actor: Actor
    socket: WebSocket
    upstream: ClientConnection
    over: asyncio.Event = field(default_factory=asyncio.Event)


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
        self._lines: set[_Line] = set()

    def actors(self) -> dict[str, Actor]:
        """Who has a SIP socket open, by session."""
        return {line.actor.session: line.actor for line in self._lines}

    def drop(self, session: str) -> None:
        """The log-in is over. The account at Asterisk dies first, by command; then this closes the socket."""
        for line in self._lines:
            if line.actor.session == session:
                line.over.set()

    async def serve(self, socket: WebSocket, actor: Actor) -> None:
        """From the accept to the close of both sides."""
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
        line = _Line(actor, socket, upstream)
        self._lines.add(line)
        try:
            await socket.accept(subprotocol=SUBPROTOCOL)
            ended = await _pass(line)
            ENDS.labels(ended.value).inc()
            log.info("SIP socket ended", action="sip_ended", by=ended.value, agent=actor.agent)
            await _close(socket, POLICY_VIOLATION if ended is Ended.DROPPED else TOO_BIG if ended is Ended.REFUSED else RESTART)
        finally:
            self._lines.discard(line)
            await upstream.close()


async def _pass(line: _Line) -> Ended:
    """Both directions until one of them, or we, end it."""
    up = asyncio.ensure_future(_up(line))
    down = asyncio.ensure_future(_down(line))
    over = asyncio.ensure_future(line.over.wait())
    tasks: set[asyncio.Future[Any]] = {up, down, over}
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        if over.done():
            return Ended.DROPPED
        return up.result() if up.done() else down.result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _up(line: _Line) -> Ended:
    """Page to Asterisk. A binary frame is sent on as text: SIP is UTF-8 (RFC 3261, 7)."""
    while True:
        frame = await line.socket.receive()
        if frame["type"] == "websocket.disconnect":
            return Ended.SHUTDOWN if frame.get("code") == RESTART else Ended.PAGE
        data = (frame.get("text") or "").encode() or frame.get("bytes") or b""
        if len(data) > MESSAGE_AT_MOST:
            return Ended.REFUSED
        try:
            await line.upstream.send(data.decode("utf-8", "replace"))
        except ConnectionClosed:
            return Ended.ASTERISK


async def _down(line: _Line) -> Ended:
    """Asterisk to page. A frame that is not UTF-8 would make the browser drop the socket (1007): it is mended."""
    while True:
        try:
            data = await line.upstream.recv(decode=False)
        except ConnectionClosed:
            return Ended.ASTERISK
        try:
            await line.socket.send_text(data.decode("utf-8", "replace"))
        except (RuntimeError, WebSocketDisconnect):
            return Ended.PAGE


async def _close(socket: WebSocket, code: int) -> None:
    if socket.application_state is WebSocketState.CONNECTED and socket.client_state is WebSocketState.CONNECTED:
        with contextlib.suppress(RuntimeError, WebSocketDisconnect):
            await socket.close(code)
