"""The console's socket: ticket and Origin, then snapshot and numbered deltas out, acks, beats and commands in."""

from __future__ import annotations

import asyncio
import contextlib
from typing import Any

import orjson
import structlog
from fastapi import APIRouter, WebSocket
from starlette.websockets import WebSocketDisconnect

from agent_console.server.actor import Actor
from agent_console.server.bucket import Bucket
from agent_console.server.deps import Deps
from agent_console.server.errors import ApiError, code_of
from agent_console.server.pages import NOT_ALLOWED, Page, new_page_id
from agent_console.server.policy import MESSAGES, TICKET, allow
from storage.errors import DatabaseAway

log = structlog.get_logger("api")
ROUTES = APIRouter()

MESSAGE_AT_MOST = 64 * 1024
COMMANDS_AT_ONCE = 16
BURST, PER_SECOND = 100, 50.0  # messages other than acks; a page beats once a second and sends what a hand can press
FLOOD = 1008
CLOSE_S = 2.0  # how long a peer that does not read may hold up its own end


@ROUTES.websocket("/stream", dependencies=allow(TICKET))
async def stream(socket: WebSocket, ticket: str = "") -> None:
    """`GET /api/v1/stream?ticket=…`, docs/protocol.md section 3."""
    deps: Deps = socket.app.state.deps
    admitted = await _admit(deps, socket, ticket)
    if admitted is None:
        await socket.close(1008)  # before accept: HTTP 403
        return
    actor, page_id = admitted
    await socket.accept()
    page = Page(page_id, actor, deps.clock.now(), deps.clock.monotonic())
    await _Talk(deps, socket, page).run()


async def _admit(deps: Deps, socket: WebSocket, token: str) -> tuple[Actor, str] | None:
    ticket = deps.stream_tickets.take(token)
    if ticket is None:
        return None
    if not ticket.bearer:
        try:
            deps.auth.check_origin(socket)
        except ApiError:
            return None
    try:
        actor = await deps.sessions.by_id(ticket.session)
    except DatabaseAway:
        return None
    older = deps.console.pages.get(ticket.page)
    if actor is None or (older is not None and older.actor.user != actor.user):
        return None
    return actor, ticket.page or new_page_id()


class _Talk:
    """One socket from accept to close: a reader, a writer, and whoever closes it from outside."""

    def __init__(self, deps: Deps, socket: WebSocket, page: Page) -> None:
        self._deps, self._socket, self._page = deps, socket, page
        self._bucket = Bucket(deps.clock, BURST, PER_SECOND)
        self._running = 0
        self._code = 1006

    async def run(self) -> None:
        pages, page = self._deps.console.pages, self._page
        page.queue.message(self._deps.console.snapshot_for(page))
        pages.open(page)
        try:
            async with asyncio.TaskGroup() as group:
                tasks = [group.create_task(self._write()), group.create_task(self._watch())]
                await self._read(group)
                for task in tasks:
                    task.cancel()
        except* WebSocketDisconnect as gone:
            self._code = _code_of(gone)
        finally:
            pages.gone(page, page.close_code or self._code)

    # ---- in ---------------------------------------------------------------------------------------------------------

    async def _read(self, group: asyncio.TaskGroup) -> None:
        while True:
            frame = await self._socket.receive()
            if frame["type"] == "websocket.disconnect":
                self._code = int(frame.get("code") or 1006)
                return
            self._deps.console.pages.hear(self._page)
            text = frame.get("text") or ""
            try:
                message = orjson.loads(text) if len(text) <= MESSAGE_AT_MOST else None
            except orjson.JSONDecodeError:
                message = None
            if not isinstance(message, dict) or message.get("type") not in MESSAGES:
                self._page.close(NOT_ALLOWED)
                continue
            if not self._is_within(message):
                continue
            if self._page.actor.role in MESSAGES[message["type"]]:
                self._hear(group, message)

    def _is_within(self, message: dict[str, Any]) -> bool:
        """Acks always are: an offer must not be lost to a flood of another kind."""
        if message["type"] == "ack" or self._bucket.take():
            return True
        page = self._page
        if not page.closing.is_set():
            log.warning("a page sent too many messages", action="page_flood", user=page.actor.user, page=page.id)
            page.close(FLOOD)
        return False

    def _hear(self, group: asyncio.TaskGroup, message: dict[str, Any]) -> None:
        match message["type"]:
            case "ack":
                self._deps.console.pages.ack(self._page, str(message.get("nonce", ""))[:128])
            case "beat" if message.get("active") is True:
                self._deps.watch.used(self._page.actor.session)
            case "command":
                self._deps.watch.used(self._page.actor.session)
                self._command(group, message)

    def _command(self, group: asyncio.TaskGroup, message: dict[str, Any]) -> None:
        if self._running >= COMMANDS_AT_ONCE:
            self._reply(message, error=("overloaded", {}))
            return
        self._running += 1
        group.create_task(self._carry_out(message))

    async def _carry_out(self, message: dict[str, Any]) -> None:
        try:
            result = await self._deps.commands.from_page(
                self._page.actor, self._page.id, message.get("id"), message.get("name"), message.get("args", {})
            )
            self._reply(message, result=result)
        except Exception as error:  # the boundary: every fault becomes a code, as in errors.py for REST
            code, params = code_of(error)
            self._reply(message, error=(code, dict(params)))
        finally:
            self._running -= 1

    def _reply(self, message: dict[str, Any], *, result: Any = None, error: tuple[str, dict[str, Any]] | None = None) -> None:
        reply: dict[str, Any] = {"type": "reply", "id": message.get("id"), "ok": error is None}
        if error is None:
            reply["result"] = result
        else:
            reply["error"] = {"code": error[0], "params": error[1]}
        self._page.send(reply)

    # ---- out --------------------------------------------------------------------------------------------------------

    async def _write(self) -> None:
        while True:
            frame = await self._page.queue.take()
            await self._socket.send({"type": "websocket.send", "text": frame.decode()})

    async def _watch(self) -> None:
        """Close from our side. A peer that reads nothing would never take the close frame either: its connection is cut."""
        await self._page.closing.wait()
        code = self._page.close_code
        with contextlib.suppress(RuntimeError, WebSocketDisconnect):
            try:
                async with asyncio.timeout(CLOSE_S):
                    await self._socket.close(code)
            except TimeoutError:
                self._deps.cut(self._socket)
        raise WebSocketDisconnect(code)


def _code_of(gone: BaseExceptionGroup[WebSocketDisconnect]) -> int:
    first: BaseException = gone
    while isinstance(first, BaseExceptionGroup):
        first = first.exceptions[0]
    return first.code if isinstance(first, WebSocketDisconnect) else 1006
