"""Fixtures: a migrated business database for a test, on SQLite and on PostgreSQL, made from a template in milliseconds."""

from __future__ import annotations

import asyncio
import itertools
import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from carillon.migrations.schema import migrate
from storage.engine import engine_for
from storage.unit_of_work import UnitOfWork
from tests.support.postgres import PostgresServer, postgres_server

_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, closed SQLite file."""
    file = tmp_path_factory.mktemp("template") / "carillon.sqlite3"
    asyncio.run(migrate(f"sqlite+aiosqlite:///{file}"))
    return file


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """A migrated SQLite database of this test's own."""
    file = tmp_path / "carillon.sqlite3"
    shutil.copyfile(sqlite_template, file)
    return f"sqlite+aiosqlite:///{file}"


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """One cluster for the whole run, with the migrated database `template_carillon`."""
    with postgres_server() as server:
        asyncio.run(migrate(server.create("template_carillon")))
        yield server


@pytest.fixture
def postgres_url(postgres: PostgresServer) -> Iterator[str]:
    """A migrated PostgreSQL database of this test's own."""
    name = f"test_{next(_numbers)}"
    yield postgres.create(name, template="template_carillon")
    postgres.drop(name)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.services)])
def database_url(request: pytest.FixtureRequest) -> str:
    """The same test on both databases."""
    return str(request.getfixturevalue(f"{request.param}_url"))


@pytest.fixture
async def unit_of_work(database_url: str) -> AsyncIterator[UnitOfWork]:
    """A unit of work on a migrated database, closed at the end."""
    uow = UnitOfWork(engine_for(database_url))
    yield uow
    await uow.dispose()
