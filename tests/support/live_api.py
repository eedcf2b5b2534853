"""A real api on a free port: uvicorn, SQLite, the local bus with a core that the test plays; every role in two teams."""

from __future__ import annotations

import asyncio
import contextlib
import threading
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import orjson
from argon2 import PasswordHasher
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Origin

from agent_console.server.deps import Deps
from agent_console.server.watch import WATCH_S
from carillon.api_server import Server, bound, run, uvicorn_config, write_cli_token
from carillon.api_wiring import Api, wired
from carillon.migrations.schema import migrate
from carillon.settings import Settings
from crm_core.dispositions.service import install
from crm_core.people.models import Team, User
from cti.bus.local import LocalBusServer
from cti.store.models import Agent, Queue
from storage.engine import engine_for
from storage.unit_of_work import UnitOfWork
from tests.support.bus import RecordingCore, until
from tests.support.ports import free_port

PASSWORD = "correct horse battery"
ROLES = ("agent", "hotline_engineer", "coordinator", "field_engineer", "supervisor", "admin")
LOGINS = tuple(f"{role}{team}" for team in ("", "2") for role in ROLES)
NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
_HASH = PasswordHasher(time_cost=1, memory_cost=47_104, parallelism=1).hash(PASSWORD)

Json = dict[str, Any]


async def people(uow: UnitOfWork) -> None:
    """For each role `<role>` of team t1 and `<role>2` of team t2; agents and engineers are `agt-<login>`."""
    async with uow.write() as session:
        session.add_all([Team(id="t1", name_zh="一组", name_en="Team 1"), Team(id="t2", name_zh="二组", name_en="Team 2")])
        await session.flush()
        for number, login in enumerate(LOGINS):
            role, team = login.rstrip("2"), "t2" if login.endswith("2") else "t1"
            user = User(id=f"u-{login}", login=login, name=login.title(), role=role, team_id=team, language="zh")
            user.password_hash, user.demo, user.disabled, user.created_at = _HASH, False, False, NOW
            session.add(user)
            if role in {"agent", "hotline_engineer"}:
                session.add(Agent(id=f"agt-{login}", user_id=user.id, number=str(1000 + number), skills={}))
        for queue, team in (("repairs", "t1"), ("payments", "t2")):
            session.add(Queue(id=queue, name_zh=queue, name_en=queue, skills={}, team_id=team))
        await install(session)


@dataclass
class Page:
    """One open console socket and what it heard."""

    socket: ClientConnection
    heard: list[Json] = field(default_factory=list)

    async def next(self, kind: str, timeout: float = 5.0) -> Json:
        """The next message of a type; the others are kept in `heard`."""
        async with asyncio.timeout(timeout):
            while True:
                message: Json = orjson.loads(await self.socket.recv())
                self.heard.append(message)
                if message["type"] == kind:
                    return message

    async def say(self, **message: Any) -> None:
        await self.socket.send(orjson.dumps(message).decode())

    async def command(self, name: str, command_id: str = "1", **args: Any) -> Json:
        await self.say(type="command", id=command_id, name=name, args=args)
        return await self.next("reply")


@dataclass
class Browser:
    """A client that behaves as a browser does: cookie, Origin, CSRF token."""

    http: httpx.AsyncClient
    origin: str
    csrf: str = ""

    async def log_in(self, login: str) -> Json:
        body = {"login": login, "password": PASSWORD}
        answer = await self.http.post("/api/v1/login", json=body, headers={"Origin": self.origin})
        assert answer.status_code == 200, answer.text
        said: Json = answer.json()
        self.csrf = said["csrf"]
        return said

    @property
    def headers(self) -> dict[str, str]:
        return {"Origin": self.origin, "X-CSRF-Token": self.csrf}

    async def get(self, path: str, **more: Any) -> httpx.Response:
        return await self.http.get(f"/api/v1{path}", **more)

    async def post(self, path: str, body: Any = None) -> httpx.Response:
        return await self.http.post(f"/api/v1{path}", json={} if body is None else body, headers=self.headers)

    async def ticket(self, page: str = "") -> str:
        answer = await self.post("/stream-ticket", {"page": page} if page else {})
        assert answer.status_code == 200, answer.text
        return str(answer.json()["ticket"])

    @contextlib.asynccontextmanager
    async def page(self, page: str = "") -> AsyncIterator[Page]:
        """An open socket."""
        url = f"{self.origin.replace('http', 'ws', 1)}/api/v1/stream?ticket={await self.ticket(page)}"
        async with connect(url, origin=Origin(self.origin), proxy=None, compression=None, max_size=None) as ws:
            yield Page(ws)

    @property
    def cookie(self) -> str:
        return f"carillon_session={self.http.cookies['carillon_session']}"


@dataclass
class LiveApi:
    """The running api and the core that the test plays."""

    settings: Settings
    api: Api
    core: RecordingCore
    bus: LocalBusServer
    cli_token: str
    stack: contextlib.AsyncExitStack
    server: Server

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.settings.console_port}"

    @property
    def deps(self) -> Deps:
        return self.api.deps

    async def client(self, **headers: str) -> httpx.AsyncClient:
        made = httpx.AsyncClient(base_url=self.origin, trust_env=False, timeout=20, headers=headers)
        return await self.stack.enter_async_context(made)

    async def browser(self, login: str = "") -> Browser:
        made = Browser(await self.client(), self.origin)
        if login:
            await made.log_in(login)
        return made

    async def bearer(self, login: str) -> httpx.AsyncClient:
        http = await self.client()
        answer = await http.post("/api/v1/token", json={"login": login, "password": PASSWORD})
        http.headers["Authorization"] = f"Bearer {answer.json()['token']}"
        return http


_template: dict[str, bytes] = {}


async def _fill(settings: Settings) -> None:
    """A migrated database with people: made once in this process, then copied."""
    file = settings.state / "carillon.sqlite3"
    if "database" not in _template or settings.database_url:
        await migrate(settings.database)
        uow = UnitOfWork(engine_for(settings.database))
        await people(uow)
        await uow.dispose()
        if not settings.database_url:
            _template["database"] = file.read_bytes()
        return
    settings.state.mkdir(parents=True, exist_ok=True)
    file.write_bytes(_template["database"])


@contextlib.asynccontextmanager
async def closed_within_five_seconds(api: LiveApi, socket: Any) -> AsyncIterator[None]:
    """Closed by one of the next two rounds of the watch, counted: a busy machine's seconds are not the product's."""
    assert WATCH_S * 2 < 5
    rounds, look = 0, api.deps.watch.look

    async def counted() -> None:
        nonlocal rounds
        rounds += 1
        await look()

    api.deps.watch.look = counted  # type: ignore[method-assign]
    yield
    async with asyncio.timeout(30):
        await socket.wait_closed()
    assert rounds <= 2


@contextlib.asynccontextmanager
async def running_api(state: Path, *, with_core: bool = True, **chosen: Any) -> AsyncIterator[LiveApi]:
    """Listening inside the block. `chosen`: settings."""
    known: dict[str, Any] = {"state": state, "log_level": "warning"} | chosen
    settings = Settings(port_base=known.pop("port_base", None) or free_port(), **known)
    await _fill(settings)
    async with contextlib.AsyncExitStack() as stack:
        token = write_cli_token(settings)
        api = await stack.enter_async_context(wired(settings, token))
        sock = stack.enter_context(contextlib.closing(bound(settings)))
        server = Server(uvicorn_config(settings, api))
        group = await stack.enter_async_context(asyncio.TaskGroup())
        task = group.create_task(run(settings, api, server, sock))
        core, bus = RecordingCore(), LocalBusServer(settings.bus_socket, "e1")
        core_task = group.create_task(bus.run(core)) if with_core else None
        await until(lambda: server.started and (api.deps.bus.up or not with_core), what="the api")
        async with contextlib.AsyncExitStack() as clients:
            yield LiveApi(settings, api, core, bus, token, clients, server)
        server.should_exit = True
        await task
        if core_task is not None:
            core_task.cancel()
    await driver_threads_end()


async def driver_threads_end() -> None:
    """aiosqlite's thread of a failed or cancelled connection ends a moment later and still speaks to the loop then."""
    deadline = time.monotonic() + 3
    while time.monotonic() < deadline and any("_connection_worker" in each.name for each in threading.enumerate()):  # noqa: ASYNC110
        await asyncio.sleep(0.005)
