"""The api as the command line and software agents use it: the same routes, ticket and socket as a browser.

Two failures only: `ApiRefused` (the api answered, with a stable code) and `ApiAway` (it did not; ask again later).
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Any, Self

import httpx
import orjson
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake
from websockets.typing import Origin

from carillon.softphone.waiting import Changes

Json = dict[str, Any]
API = "/api/v1"
BEAT_SECONDS = 1.0
COMMAND_SECONDS = 10.0
SESSION_OVER = 4001


class ApiError(Exception):
    """Root."""


class ApiAway(ApiError):
    """Nobody answered, or the socket closed: the api restarts, or it never ran."""


class ApiRefused(ApiError):
    """The api's own answer: `code` is stable, `params` its fields."""

    def __init__(self, code: str, params: Mapping[str, Any] | None = None, status: int = 0) -> None:
        super().__init__(f"{code} {dict(params)}" if params else code)
        self.code, self.params, self.status = code, dict(params or {}), status


class ApiClient:
    """REST. Use as `async with ApiClient("http://127.0.0.1:8800") as api:`."""

    def __init__(self, base_url: str, token: str = "", *, verify: bool = True, timeout: float = 10.0) -> None:
        self.base_url, self.verify, self._token = base_url.rstrip("/"), verify, token
        # trust_env=False: a proxy of the environment must not come between us and loopback
        self._http = httpx.AsyncClient(base_url=self.base_url, timeout=timeout, trust_env=False, verify=verify)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, kind: type[BaseException] | None, why: BaseException | None, trace: TracebackType | None) -> None:
        await self._http.aclose()

    def use_token(self, token: str) -> None:
        """Another bearer from now on."""
        self._token = token

    async def log_in(self, login: str, password: str) -> None:
        """Take a bearer token for this account."""
        self._token = str((await self.post("/token", {"login": login, "password": password}))["token"])

    @property
    def headers(self) -> dict[str, str]:
        """Of every request, sockets too."""
        return {"Authorization": f"Bearer {self._token}"} if self._token else {}

    async def get(self, path: str, **query: str | int) -> Json:
        """The answer's object."""
        return await self._ask("GET", path, params=query)

    async def post(self, path: str, body: Mapping[str, Any] | None = None) -> Json:
        """The answer's object; {} for an answer without a body."""
        return await self._ask("POST", path, content=orjson.dumps(body or {}), headers={"Content-Type": "application/json"})

    async def _ask(self, method: str, path: str, *, headers: Mapping[str, str] | None = None, **more: Any) -> Json:
        try:
            response = await self._http.request(method, API + path, headers={**self.headers, **(headers or {})}, **more)
        except httpx.HTTPError as reason:
            raise ApiAway(f"the api at {self.base_url} does not answer ({type(reason).__name__})") from reason
        if response.status_code >= 400:
            raise _refusal(response)
        return _object(response.content)


def _object(content: bytes) -> Json:
    parsed = orjson.loads(content) if content else {}
    return parsed if isinstance(parsed, dict) else {"items": parsed}


def _refusal(response: httpx.Response) -> ApiError:
    try:
        error = _object(response.content)["error"]
        return ApiRefused(str(error["code"]), error.get("params"), response.status_code)
    except (KeyError, TypeError, ValueError):
        if response.status_code >= 500:
            return ApiAway(f"the api answered {response.status_code}")
        return ApiRefused(f"http_{response.status_code}", status=response.status_code)


class ConsoleStream:
    """One page's socket: snapshot and deltas folded into `entities`, pops and probes acknowledged at once, a beat a second."""

    def __init__(self, api: ApiClient, *, on_message: Callable[[Json], None] = lambda _message: None) -> None:
        self._api, self._on_message = api, on_message
        self._socket: ClientConnection | None = None
        self._replies: dict[str, asyncio.Future[Json]] = {}
        self._seq, self._gap = 0, False
        self.page, self.core_up, self.close_code = "", False, None
        self.entities: dict[str, dict[str, Json]] = {}
        self.changes = Changes()
        self.acknowledged = 0

    async def __aenter__(self) -> Self:
        ticket = (await self._api.post("/stream-ticket"))["ticket"]
        base = self._api.base_url
        try:
            self._socket = await connect(
                f"ws{base.removeprefix('http')}{API}/stream?ticket={ticket}",
                additional_headers=self._api.headers,
                origin=Origin(base),
                proxy=None,
                compression=None,
                max_size=16 * 1024 * 1024,  # the snapshot of a big house
            )
        except (OSError, InvalidHandshake, TimeoutError) as reason:
            raise ApiAway(f"the console's socket was not opened ({reason})") from reason
        return self

    async def __aexit__(self, kind: type[BaseException] | None, why: BaseException | None, trace: TracebackType | None) -> None:
        if self._socket is not None:
            await self._socket.close()
        self._end()

    async def run(self) -> int | None:
        """Until the socket ends; its close code."""
        socket = self._open_socket()
        try:
            async with asyncio.TaskGroup() as group:
                beats = group.create_task(self._beat(socket))
                await self._read(socket)
                beats.cancel()
        finally:
            self._end()
        return socket.close_code

    async def _read(self, socket: ClientConnection) -> None:
        try:
            async for message in socket:
                await self._hear(orjson.loads(message))
                if self._gap:
                    return
        except ConnectionClosed:
            return
        finally:
            await socket.close()

    async def command(self, name: str, args: Mapping[str, Any] | None = None) -> Json:
        """Raise ApiRefused with the core's code, or ApiAway when no answer came."""
        number = secrets.token_hex(8)
        reply: asyncio.Future[Json] = asyncio.get_running_loop().create_future()
        self._replies[number] = reply
        try:
            await self._send({"type": "command", "id": number, "name": name, "args": dict(args or {})})
            async with asyncio.timeout(COMMAND_SECONDS):
                answer = await reply
        except TimeoutError as reason:
            raise ApiAway(f"no answer to {name}") from reason
        finally:
            self._replies.pop(number, None)
        if not answer.get("ok"):
            error = answer.get("error") or {}
            raise ApiRefused(str(error.get("code", "unknown")), error.get("params"))
        result = answer.get("result")
        return result if isinstance(result, dict) else {}

    # ---- in ---------------------------------------------------------------------------------------------------------

    async def _hear(self, message: Json) -> None:
        match message.get("type"):
            case "pop" | "probe":
                await self._send({"type": "ack", "nonce": message["nonce"]})
                self.acknowledged += 1
            case "snapshot":
                self._snapshot(message)
            case "delta":
                self._delta(message)
            case "core":
                self.core_up = bool(message["up"])
            case "reply":
                self._replied(message)
        self._on_message(message)
        self.changes.tell()

    def _snapshot(self, message: Json) -> None:
        self._seq, self.page, self.core_up = message["seq"], message["page"], bool(message["core"])
        self.entities = {kind: {str(one["id"]): one for one in many} for kind, many in message["entities"].items()}

    def _delta(self, message: Json) -> None:
        self._gap = message["seq"] > self._seq + 1
        self._seq = message["seq"]
        for change in message["changes"]:
            rows = self.entities.setdefault(change["kind"], {})
            if change["value"] is None:
                rows.pop(str(change["id"]), None)
            else:
                rows[str(change["id"])] = change["value"]

    def _replied(self, message: Json) -> None:
        waiting = self._replies.get(str(message["id"]))
        if waiting is not None and not waiting.done():
            waiting.set_result(message)

    # ---- out --------------------------------------------------------------------------------------------------------

    async def _beat(self, socket: ClientConnection) -> None:
        while True:
            await asyncio.sleep(BEAT_SECONDS)
            try:
                await socket.send(orjson.dumps({"type": "beat"}).decode())
            except ConnectionClosed:
                return

    async def _send(self, message: Json) -> None:
        try:
            await self._open_socket().send(orjson.dumps(message).decode())
        except ConnectionClosed as reason:
            raise ApiAway("the console's socket closed") from reason

    def _open_socket(self) -> ClientConnection:
        if self._socket is None:
            raise ApiAway("the console's socket is not open")
        return self._socket

    def _end(self) -> None:
        """Whoever waits for a reply learns that none comes."""
        for reply in self._replies.values():
            if not reply.done():
                reply.set_exception(ApiAway("the console's socket closed"))
        self.core_up = False
        self.changes.tell()
