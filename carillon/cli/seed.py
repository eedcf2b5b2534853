"""`carillon seed`: the demo company, or with `--empty` only what every installation needs and a link for its administrator."""

from __future__ import annotations

import asyncio
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from carillon.cli.instance import console_url
from carillon.cli.migrate import fail
from carillon.cli.migrate import run as migrate
from carillon.clock import SystemClock
from carillon.seed.company import SEED, Seeded, seed_demo, seed_reference
from carillon.settings import Settings
from crm_core.people.passwords import Passwords
from crm_core.people.service import People
from storage.engine import engine_for
from storage.errors import StorageError
from storage.unit_of_work import UnitOfWork

SAID = {
    Seeded.MADE: "The demo company is there. Its accounts are in {file}",
    Seeded.THERE: "The demo company is there already; nothing was changed. Its accounts are in {file}",
    Seeded.PASSWORDS_RENEWED: "The demo accounts' file was gone: they have new passwords, which are in {file}",
}


def seed(
    empty: Annotated[bool, typer.Option("--empty", help="No demo data; print a one-time link for the administrator.")] = False,
    number: Annotated[int, typer.Option("--seed", help="The same number makes the same company.")] = SEED,
) -> None:
    """Fill a new database. Safe to repeat: what is there is never changed."""
    print(run(Settings(), empty=empty, seed=number))


def run(settings: Settings, *, empty: bool = False, seed: int = SEED) -> str:
    """The command for `carillon up`: migrates first; what to tell the user. Ends the process with one sentence when it fails."""
    migrate(settings)
    try:
        return asyncio.run(_seed(settings, empty, seed))
    except (StorageError, OSError) as error:
        fail(f"The database could not be filled: {error}")


async def _seed(settings: Settings, empty: bool, number: int) -> str:
    uow = UnitOfWork(engine_for(settings.database))
    try:
        return await (_empty(settings, uow) if empty else _demo(settings, uow, number))
    finally:
        await uow.dispose()


async def _demo(settings: Settings, uow: UnitOfWork, number: int) -> str:
    zone = ZoneInfo(settings.time_zone)
    file, now = settings.demo_accounts_file, SystemClock().now()
    done = await seed_demo(uow, file, now=now, zone=zone, passwords=Passwords(), seed=number)
    return SAID[done].format(file=file)


async def _empty(settings: Settings, uow: UnitOfWork) -> str:
    await seed_reference(uow)
    token = await People(uow, Passwords()).issue_setup(SystemClock().now())
    if token is None:
        return "This installation has an administrator already."
    base = console_url(settings).replace("127.0.0.1", "localhost")
    return f"Make the administrator's account within 24 hours at {base}/setup?token={token}"
