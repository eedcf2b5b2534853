"""The real api in this process on a database of the test's own: signed-in people of every role, spoken to over ASGI."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
from fastapi import FastAPI

from agent_console.server.app import create_app
from agent_console.server.deps import Deps
from carillon import api_wiring
from carillon.api_wiring import Api
from carillon.seed.company import seed_reference
from carillon.seed.staff import HOTLINE
from carillon.settings import Settings
from crm_core.people.models import User
from cti.store.models import Agent
from storage.engine import engine_for
from storage.unit_of_work import UnitOfWork

BEGAN = datetime(2026, 11, 1, tzinfo=UTC)
# login → (role, number at a desk)
STAFF: Mapping[str, tuple[str, str]] = {
    "agent1024": ("agent", "1024"),
    "agent1025": ("agent", "1025"),
    "engineer2001": ("hotline_engineer", "2001"),
    "engineer2002": ("hotline_engineer", "2002"),
    "coordinator3001": ("coordinator", ""),
    "field4001": ("field_engineer", ""),
    "supervisor5001": ("supervisor", ""),
    "admin": ("admin", ""),
}


@dataclass
class Desk:
    """Somebody signed in. Every answer is (status, body)."""

    client: httpx.AsyncClient

    async def get(self, path: str, **query: str) -> tuple[int, Any]:
        return _said(await self.client.get(path, params=query))

    async def post(self, path: str, body: Mapping[str, Any] | None = None) -> tuple[int, Any]:
        return _said(await self.client.post(path, json=body or {}))

    async def patch(self, path: str, body: Mapping[str, Any]) -> tuple[int, Any]:
        return _said(await self.client.patch(path, json=body))

    async def made(self, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """A POST that must succeed."""
        status, answer = await self.post(path, body)
        assert status in {200, 201}, answer
        return dict(answer)


def _said(response: httpx.Response) -> tuple[int, Any]:
    return response.status_code, response.json() if response.content else None


@dataclass
class Office:
    """The api and its people."""

    api: Api
    uow: UnitOfWork
    stack: contextlib.AsyncExitStack

    async def sign_in(self, login: str) -> Desk:
        """With a bearer token, as a software agent has; the password is left out, tests of log-in check it."""
        person = await self.api.deps.people.by_login(login)
        assert person is not None, login
        token, _ = await self.api.deps.sessions.open(person, kind="bearer", address="127.0.0.1", user_agent="")
        client = await self.stack.enter_async_context(self._client())
        client.headers["Authorization"] = f"Bearer {token}"
        return Desk(client)

    def nobody(self) -> Desk:
        """Somebody who is not signed in."""
        return Desk(self._client())

    def _client(self) -> httpx.AsyncClient:
        # raise_app_exceptions off: a fault of ours must answer as it does in production
        transport = httpx.ASGITransport(app=self.api.app, raise_app_exceptions=False)
        return httpx.AsyncClient(transport=transport, base_url="http://localhost/api/v1")


async def hire(uow: UnitOfWork) -> None:
    """One of each role, two where two must compete. Nobody's password is known."""
    await seed_reference(uow)
    async with uow.write() as session:
        for login, (role, _number) in STAFF.items():
            session.add(
                User(
                    id=f"u-{login}",
                    login=login,
                    name=login.title(),
                    role=role,
                    team_id=HOTLINE,
                    password_hash="-",
                    created_at=BEGAN,
                )
            )
        await session.flush()
        for login, (_role, number) in STAFF.items():
            if number:
                session.add(Agent(id=f"agt-{number}", user_id=f"u-{login}", number=number, skills={"repairs": 3, "zh": 5}))


_apps: list[FastAPI] = []


def _create_app(deps: Deps) -> FastAPI:
    """Building the app's schemas takes most of a second and depends on nothing: it is done once, the services are exchanged."""
    if not _apps:
        _apps.append(create_app(deps))
    _apps[0].state.deps = deps
    return _apps[0]


@contextlib.contextmanager
def _one_app() -> Iterator[None]:
    api_wiring.create_app = _create_app  # type: ignore[attr-defined]
    try:
        yield
    finally:
        api_wiring.create_app = create_app  # type: ignore[attr-defined]


@contextlib.asynccontextmanager
async def office(database_url: str, state: Path) -> AsyncIterator[Office]:
    """Open on this database, closed at the end."""
    settings = Settings(state=state, database_url=database_url, port_base=18400)
    uow = UnitOfWork(engine_for(database_url))
    async with contextlib.AsyncExitStack() as stack:
        stack.push_async_callback(uow.dispose)
        await hire(uow)
        stack.enter_context(_one_app())
        api = await stack.enter_async_context(api_wiring.wired(settings, "cli-key"))
        yield Office(api, uow, stack)
