"""`python -m carillon.first_admin`: a fresh one-time token for the first administrator on stdout; nothing when there is one."""

from __future__ import annotations

import asyncio
import sys

from carillon.clock import SystemClock
from carillon.settings import Settings
from crm_core.people.passwords import Passwords
from crm_core.people.service import People
from storage.engine import engine_for
from storage.unit_of_work import UnitOfWork


async def issue(settings: Settings) -> str | None:
    """Before the api starts: two processes never write one table at a time."""
    engine = engine_for(settings.database)
    try:
        return await People(UnitOfWork(engine), Passwords()).issue_setup(SystemClock().now())
    finally:
        await engine.dispose()


if __name__ == "__main__":
    sys.stdout.write(asyncio.run(issue(Settings())) or "")
