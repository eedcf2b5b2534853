"""How the instance is (for doctor), metrics (for Prometheus), both from this machine only; and the API's own description."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from pydantic import BaseModel
from sqlalchemy import text

from agent_console.server.deps import Deps, Has
from agent_console.server.policy import ANY, LOOPBACK, allow
from storage.base import iso
from storage.errors import StorageError

ROUTES = APIRouter(tags=["health"])


class Up(BaseModel):
    """Whether, and since when."""

    up: bool
    since: str | None


class Agents(BaseModel):
    """How many are at work, and could take a call now."""

    logged_in: int
    ready: int


class Health(BaseModel):
    """200 also when `ok` is false: the caller reads the parts."""

    ok: bool
    core: Up
    switch: Up
    database: bool
    journal: bool
    agents: Agents


@ROUTES.get("/health", dependencies=allow(LOOPBACK))
async def health(deps: Has) -> Health:
    """As this api sees it."""
    console = deps.console
    core = Up(up=console.core_up, since=iso(console.core_since) if console.core_up else None)
    switches = list(console.house.of("switch").values()) if console.core_up else []
    switch_up = bool(switches) and all(each.get("up") for each in switches)
    journal = console.core_up and all(each.get("journal", True) for each in switches)
    database = await _database(deps)
    states = [str(agent.get("state")) for agent in console.house.of("agent").values()] if console.core_up else []
    agents = Agents(logged_in=sum(state != "LOGGED_OUT" for state in states), ready=states.count("READY"))
    return Health(
        ok=core.up and switch_up and database and journal,
        core=core,
        switch=Up(up=switch_up, since=str(switches[0].get("since")) if switch_up else None),
        database=database,
        journal=journal,
        agents=agents,
    )


async def _database(deps: Deps) -> bool:
    try:
        async with deps.uow.read() as session:
            await session.execute(text("SELECT 1"))
    except StorageError:
        return False
    return True


@ROUTES.get("/metrics", dependencies=allow(LOOPBACK), include_in_schema=False)
async def metrics() -> Response:
    """Prometheus text format."""
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)


@ROUTES.get("/openapi.json", dependencies=allow(ANY), include_in_schema=False)
async def openapi(request: Request) -> dict[str, Any]:
    """The description of every route, for those who are signed in."""
    described: dict[str, Any] = request.app.openapi()
    return described
