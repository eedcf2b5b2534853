"""Transactions as every service relies on them, on both databases."""

from __future__ import annotations

import asyncio
import sqlite3
import subprocess
import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import select, text

from crm_core.owners.models import Owner
from crm_core.tickets.models import TicketDay
from crm_core.tickets.store import next_number
from storage.engine import BUSY_TIMEOUT_MS, engine_for
from storage.errors import Conflict, DatabaseAway, Duplicate
from storage.held_reader import HeldReader, prepare
from storage.unit_of_work import UnitOfWork
from tests.support.live_api import driver_threads_end

NOW = datetime(2026, 11, 22, 6, 30, 15, 123456, tzinfo=UTC)


@pytest.fixture(autouse=True)
async def _driver_threads_end() -> AsyncIterator[None]:
    yield
    await driver_threads_end()


def owner(name: str, key: str = "o1", at: datetime = NOW) -> Owner:
    return Owner(id=key, name=name, name_key=name, level="gold", created_at=at, updated_at=at)


async def name_of(uow: UnitOfWork, key: str = "o1") -> str | None:
    async with uow.read() as session:
        return (await session.execute(select(Owner.name).where(Owner.id == key))).scalar_one_or_none()


async def test_the_end_of_the_block_commits(unit_of_work: UnitOfWork):
    async with unit_of_work.write() as session:
        session.add(owner("周建国"))
    assert await name_of(unit_of_work) == "周建国"


async def test_an_error_inside_the_block_leaves_nothing(unit_of_work: UnitOfWork):
    async def fail() -> None:
        async with unit_of_work.write() as session:
            session.add(owner("周建国"))
            await session.flush()
            raise LookupError

    with pytest.raises(LookupError):
        await fail()
    assert await name_of(unit_of_work) is None


async def test_what_is_to_be_told_leaves_after_the_commit_in_order(unit_of_work: UnitOfWork, database_url: str):
    told: list[tuple[str, str | None]] = []
    async with unit_of_work.write() as session:
        session.add(owner("周建国"))
        session.after_commit(lambda: told.append(("first", _name_now(database_url))))
        session.after_commit(lambda: told.append(("second", _name_now(database_url))))
        assert told == []
    assert told == [("first", "周建国"), ("second", "周建国")]


def _name_now(url: str) -> str | None:
    """As another process sees it at this moment."""
    statement = "SELECT name FROM owners"
    if url.startswith("sqlite"):
        with sqlite3.connect(url.removeprefix("sqlite+aiosqlite:///")) as connection:
            row = connection.execute(statement).fetchone()
        connection.close()
    else:
        with psycopg.connect(url.replace("+psycopg", "")) as other:
            row = other.execute(statement).fetchone()
    return row[0] if row else None


async def test_nothing_is_told_when_nothing_was_committed(unit_of_work: UnitOfWork):
    told: list[str] = []

    async def fail() -> None:
        async with unit_of_work.write() as session:
            session.after_commit(lambda: told.append("never"))
            raise LookupError

    with pytest.raises(LookupError):
        await fail()
    assert told == []


async def test_times_come_back_aware_and_equal(unit_of_work: UnitOfWork):
    local = NOW.astimezone(timezone(timedelta(hours=8)))
    async with unit_of_work.write() as session:
        session.add(owner("周建国", at=local))
    async with unit_of_work.read() as session:
        found = (await session.execute(select(Owner.created_at))).scalar_one()
    assert (found, found.utcoffset()) == (NOW, timedelta(0))


async def test_a_time_without_a_zone_is_refused(unit_of_work: UnitOfWork):
    with pytest.raises(Exception, match="without a zone"):
        async with unit_of_work.write() as session:
            session.add(owner("周建国", at=NOW.replace(tzinfo=None)))


async def test_a_key_that_is_taken_is_a_duplicate(unit_of_work: UnitOfWork):
    async def twice() -> None:
        async with unit_of_work.write() as session:
            session.add(owner("周建国"))
            await session.flush()
            await session.execute(text("INSERT INTO owners SELECT * FROM owners"))

    with pytest.raises(Duplicate):
        await twice()


async def test_two_readers_that_write_later_conflict_instead_of_overwriting(unit_of_work: UnitOfWork):
    async with unit_of_work.write() as session:
        session.add(owner("周建国"))
    async with unit_of_work.read() as first:
        stale = await first.get(Owner, "o1")
    assert stale is not None
    async with unit_of_work.write() as session:
        fresh = await session.get(Owner, "o1")
        assert fresh is not None
        fresh.name = "周建军"

    async def overwrite() -> None:
        async with unit_of_work.write() as session:
            session.add(stale)
            stale.name = "周敏"

    with pytest.raises(Conflict):
        await overwrite()
    assert await name_of(unit_of_work) == "周建军"


async def test_fifty_writers_at_once_lose_nothing(unit_of_work: UnitOfWork):
    async def take() -> int:
        async with unit_of_work.write() as session:
            return await next_number(session, NOW.date())

    assert sorted(await asyncio.gather(*(take() for _ in range(50)))) == list(range(1, 51))


async def test_writers_of_two_processes_wait_for_each_other(unit_of_work: UnitOfWork, database_url: str):
    """Two engines stand for two processes: they share no lock but the database's."""
    other = UnitOfWork(engine_for(database_url))

    async def read_then_write(uow: UnitOfWork) -> None:
        async with uow.write() as session:
            before = (await session.execute(select(TicketDay.last))).scalar_one_or_none() or 0
            await asyncio.sleep(0)
            if before == 0:
                await next_number(session, NOW.date())
            else:
                await session.execute(text("UPDATE ticket_days SET last = last + 1"))

    try:
        async with unit_of_work.write() as session:
            await next_number(session, NOW.date())
        await asyncio.gather(*(read_then_write(uow) for _ in range(10) for uow in (unit_of_work, other)))
    finally:
        await other.dispose()
    async with unit_of_work.read() as session:
        assert (await session.execute(select(TicketDay.last))).scalar_one() == 21


async def test_a_reader_is_never_stopped_by_a_writer(unit_of_work: UnitOfWork):
    async with unit_of_work.write() as session:
        session.add(owner("周建国"))
        await session.flush()
        async with asyncio.timeout(BUSY_TIMEOUT_MS / 1000 / 2):  # who waited for the writer would wait for all of it
            assert await name_of(unit_of_work) is None


async def test_foreign_keys_are_checked(unit_of_work: UnitOfWork):
    with pytest.raises(Exception, match=r"(?i)foreign key"):
        async with unit_of_work.write() as session:
            await session.execute(text("INSERT INTO owner_terms (term, owner_id) VALUES ('a', 'nobody')"))


async def test_a_file_locked_by_another_program_is_a_database_away(sqlite_url: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("storage.engine.BUSY_TIMEOUT_MS", 200)
    uow = UnitOfWork(engine_for(sqlite_url))
    stranger = sqlite3.connect(sqlite_url.removeprefix("sqlite+aiosqlite:///"), isolation_level=None)
    try:
        stranger.execute("BEGIN EXCLUSIVE")
        with pytest.raises(DatabaseAway):
            async with uow.write() as session:
                session.add(owner("周建国"))
        stranger.execute("ROLLBACK")
        async with uow.write() as session:
            session.add(owner("周建国"))
        assert await name_of(uow) == "周建国"
    finally:
        stranger.close()
        await uow.dispose()


async def test_a_missing_folder_is_a_database_away(tmp_path: Path):
    uow = UnitOfWork(engine_for(f"sqlite+aiosqlite:///{tmp_path / 'gone' / 'x.sqlite3'}"))
    with pytest.raises(DatabaseAway):
        await name_of(uow)
    await uow.dispose()


async def test_a_server_that_is_not_there_is_a_database_away():
    uow = UnitOfWork(engine_for("postgresql+psycopg://carillon@127.0.0.1:1/nothing"))
    with pytest.raises(DatabaseAway):
        await name_of(uow)
    await uow.dispose()


def _statement(uow: UnitOfWork):
    return prepare(select(Owner.id, Owner.name).order_by(Owner.id), uow.engine.dialect)


async def test_a_held_reader_sees_each_commit(unit_of_work: UnitOfWork):
    reader, statement = HeldReader(unit_of_work.engine), _statement(unit_of_work)
    assert list(await reader.rows(statement, {})) == []
    async with unit_of_work.write() as session:
        session.add(owner("周建国"))
    assert [tuple(row) for row in await reader.rows(statement, {})] == [("o1", "周建国")]
    await reader.close()


async def test_a_held_reader_asks_again_after_a_cancelled_question(unit_of_work: UnitOfWork):
    reader, statement = HeldReader(unit_of_work.engine), _statement(unit_of_work)
    asking = asyncio.ensure_future(reader.rows(statement, {}))
    await asyncio.sleep(0)
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    assert list(await reader.rows(statement, {})) == []
    await reader.close()


@pytest.mark.services
async def test_a_held_reader_comes_back_after_its_connection_was_cut(postgres_url: str):
    uow = UnitOfWork(engine_for(postgres_url))
    reader, statement = HeldReader(uow.engine), _statement(uow)
    assert list(await reader.rows(statement, {})) == []
    with psycopg.connect(postgres_url.replace("+psycopg", ""), autocommit=True) as killer:
        killer.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname LIKE 'test_%' AND pid <> pg_backend_pid()"
        )
    with pytest.raises(DatabaseAway):
        await reader.rows(statement, {})
    assert list(await reader.rows(statement, {})) == []
    await reader.close()
    await uow.dispose()


WRITER = """
import asyncio, sys
from datetime import UTC, datetime
from storage.engine import engine_for
from storage.unit_of_work import UnitOfWork
from crm_core.tickets.store import next_number

async def main():
    uow = UnitOfWork(engine_for(sys.argv[1]))
    while True:
        async with uow.write() as session:
            number = await next_number(session, datetime(2026, 11, 22, tzinfo=UTC).date())
        print(number, flush=True)

asyncio.run(main())
"""


def test_no_acknowledged_write_is_lost_when_the_process_is_killed(sqlite_url: str):
    file, acknowledged = sqlite_url.removeprefix("sqlite+aiosqlite:///"), 0
    for acknowledgements in (3, 11, 29):
        with subprocess.Popen([sys.executable, "-c", WRITER, sqlite_url], stdout=subprocess.PIPE, text=True) as writer:
            assert writer.stdout is not None
            for _ in range(acknowledgements):
                acknowledged = int(writer.stdout.readline())
            writer.kill()
        with sqlite3.connect(file) as connection:
            stored = connection.execute("SELECT last FROM ticket_days").fetchone()[0]
        connection.close()
        assert stored >= acknowledged
