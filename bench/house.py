"""A house for benches: a state directory with agents, log-ins and owners, and the product's own processes on it."""

from __future__ import annotations

import asyncio
import contextlib
import os
import secrets
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from sqlalchemy import insert, update

from agent_console.server.models import WebSession
from agent_console.server.sessions import digest
from bench.owner_lookup import load_sqlite
from carillon import runfile
from carillon.clock import SystemClock
from carillon.migrations.schema import migrate
from carillon.seed.company import seed_reference
from carillon.seed.staff import HOTLINE
from carillon.settings import Settings
from crm_core.people.models import User
from cti.store.models import Agent, Queue
from storage.engine import engine_for
from storage.unit_of_work import UnitOfWork

CHECKOUT = Path(__file__).resolve().parents[1]
START_SECONDS = 30.0
SKILLS = {"zh": 5, "en": 3, "repairs": 4, "enquiries": 3, "complaints": 3}


@dataclass(frozen=True, slots=True)
class Staff:
    """One agent: id, the user behind him, and a bearer token of a log-in that is already there."""

    agent: str
    user: str
    token: str


async def furnish(settings: Settings, *, agents: int, owners: int = 0) -> list[Staff]:
    """Migrate and fill. Nobody logs in by password here: 200 times argon2 would be a bench of its own."""
    settings.state.mkdir(parents=True, exist_ok=True)
    await migrate(settings.database)
    if owners:
        load_sqlite(settings.state / "carillon.sqlite3", owners)
    work, now = UnitOfWork(engine_for(settings.database)), SystemClock().now()
    staff = [Staff(f"agt-{number}", f"user-{number}", secrets.token_urlsafe(32)) for number in range(1001, 1001 + agents)]
    try:
        await seed_reference(work)
        async with work.write() as session:
            await session.execute(update(Queue).values(record=False))
            await session.execute(insert(User), [_user(one, now) for one in staff])
            await session.execute(
                insert(Agent),
                [{"id": one.agent, "user_id": one.user, "number": one.agent[4:], "skills": SKILLS} for one in staff],
            )
            await session.execute(insert(WebSession), [_log_in(one, now) for one in staff])
    finally:
        await work.dispose()
    return staff


def _user(one: Staff, now) -> dict[str, object]:
    return {
        "id": one.user, "login": f"agent{one.agent[4:]}", "name": f"坐席{one.agent[4:]}", "role": "agent", "team_id": HOTLINE,
        "language": "zh", "password_hash": "", "demo": False, "disabled": False, "created_at": now, "version": 1,
    }  # fmt: skip


def _log_in(one: Staff, now) -> dict[str, object]:
    return {
        "id": digest(one.token), "user_id": one.user, "kind": "bearer", "csrf": "", "created_at": now, "seen_at": now,
        "expires_at": now + timedelta(hours=8), "ended_at": None, "address": "127.0.0.1", "user_agent": "bench",
    }  # fmt: skip


def environment(settings: Settings) -> dict[str, str]:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("CARILLON_")}
    chosen = {f"CARILLON_{name.upper()}": str(value) for name, value in settings.model_dump().items() if value not in (None, "")}
    return inherited | chosen | {"LANG": "C.UTF-8"}


@contextlib.asynccontextmanager
async def process(settings: Settings, part: str, *command: str, more: dict[str, str] | None = None) -> AsyncIterator[int]:
    """One process of the product until it is ready; its pid. Ended by TERM. Its log is `<state>/log/<part>.log`."""
    log_file = settings.state / "log" / f"{part}.log"
    log_file.parent.mkdir(parents=True, exist_ok=True)
    runfile.remove(settings.run_dir, part)
    child = _start([*(command or ("-m", "carillon.cli.main", part))], environment(settings) | (more or {}), log_file)
    try:
        yield await _wait_until_ready(settings, part, child, log_file)
    finally:
        child.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            await asyncio.to_thread(child.wait, 15)
        child.kill()
        child.wait()


def _start(command: list[str], chosen: dict[str, str], log_file: Path) -> subprocess.Popen[bytes]:
    with log_file.open("a") as log:
        return subprocess.Popen([sys.executable, *command], env=chosen, cwd=CHECKOUT, stdout=log, stderr=log)


async def _wait_until_ready(settings: Settings, part: str, child: subprocess.Popen[bytes], log_file: Path) -> int:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and child.poll() is None:
        said = runfile.read(settings.run_dir, part)
        if said is not None and said.ready:
            return said.pid
        await asyncio.sleep(0.02)  # the switch may be in this loop
    raise SystemExit(f"{part} did not start:\n{_tail(log_file)}")


def _tail(log_file: Path) -> str:
    return "\n".join(log_file.read_text(errors="replace").splitlines()[-20:])
