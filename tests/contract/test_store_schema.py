"""The migrated schema and the models are the same thing, and the database itself guards what is append-only."""

from __future__ import annotations

import asyncio
import itertools
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, inspect, select, text
from sqlalchemy.exc import DBAPIError

from agent_console.server.models import WrapUp
from carillon.migrations.schema import SchemaError, configuration, head, migrate
from carillon.migrations.tables import METADATA
from cti.store.models import CallParty
from storage.engine import WRITES, engine_for
from storage.unit_of_work import UnitOfWork
from tests.support.postgres import PostgresServer


def _differences(connection: Connection) -> list[object]:
    return list(compare_metadata(MigrationContext.configure(connection, opts={"compare_type": True}), METADATA))


async def test_models_and_migrated_schema_are_equal(unit_of_work: UnitOfWork):
    async with unit_of_work.engine.connect() as connection:
        assert await connection.run_sync(_differences) == []


def _keys(connection: Connection) -> dict[str, list[str]]:
    """Of each table, by what the database says: the comparison above is silent about primary keys."""
    known = inspect(connection)
    return {table: sorted(known.get_pk_constraint(table)["constrained_columns"]) for table in METADATA.tables}


async def test_models_and_migrated_schema_have_the_same_keys(unit_of_work: UnitOfWork):
    async with unit_of_work.engine.connect() as connection:
        keys = await connection.run_sync(_keys)
    assert keys == {name: sorted(column.name for column in table.primary_key) for name, table in METADATA.tables.items()}


_numbers = itertools.count(1)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.services)])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database without a schema, of this test's own."""
    if request.param == "sqlite":
        return f"sqlite+aiosqlite:///{tmp_path / 'empty.sqlite3'}"
    server: PostgresServer = request.getfixturevalue("postgres")
    return server.create(f"empty_{next(_numbers)}")


async def _at(url: str, revision: str, *statements: str) -> None:
    """A database as an older release left it."""
    engine = engine_for(url)
    async with engine.connect() as connection:
        await connection.execution_options(**{WRITES: True})
        async with connection.begin():
            await connection.run_sync(_to, revision)
            for statement in statements:
                await connection.execute(text(statement))
    await engine.dispose()


def _to(connection: Connection, revision: str) -> None:
    config = configuration()
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


async def test_wrap_ups_of_the_first_schema_are_kept_and_a_second_person_finds_room(empty_url: str):
    row = "INSERT INTO wrap_ups (call_id, agent_id, disposition, note, created_at) VALUES ('c', '{}', 'solved', '{}', '{}')"
    await _at(empty_url, "0001", row.format("agt-1", "first", "2026-01-01 00:00:00+00:00"))
    assert (await migrate(empty_url)).before == "0001"
    engine = engine_for(empty_url)
    async with UnitOfWork(engine).write() as session:
        session.add(WrapUp(call_id="c", agent_id="agt-2", disposition="solved", note="second", created_at=datetime.now(UTC)))  # noqa: TID251
    async with UnitOfWork(engine).read() as session:
        kept = (await session.execute(select(WrapUp.agent_id, WrapUp.note).order_by(WrapUp.agent_id))).all()
    await engine.dispose()
    assert [tuple(each) for each in kept] == [("agt-1", "first"), ("agt-2", "second")]


async def test_who_had_a_call_of_the_second_schema_may_still_read_it(empty_url: str):
    record = (
        "INSERT INTO call_records (id, direction, switch, uniqueid, sip_call_id, from_e164, from_raw, from_name, to_number,"
        " agent_id, engineer_id, started_at, wait_s, talk_s, hold_s, rebuilt, legs, state, version)"
        " VALUES ('c', 'in', '', '', '', '', '', '', '', 'agt-2', NULL, '2026-01-01 00:00:00+00:00', 0, 0, 0, false, '[]', '', 1)"
    )
    fact = (
        "INSERT INTO call_facts (id, seq, call_id, at, kind, agent_id, data, v)"
        " VALUES ('{0}', 1, 'c', '2026-01-01 00:00:00+00:00', '{0}', {1}, '{2}', 1)"
    )
    facts = (
        fact.format("offer.made", "'agt-0'", "{}"),
        fact.format("call.answered", "'agt-1'", "{}"),
        fact.format("consult.answered", "NULL", '{"engineer"\\: "eng-1"}'),
    )
    await _at(empty_url, "0002", record, *facts)
    await migrate(empty_url)
    engine = engine_for(empty_url)
    async with UnitOfWork(engine).read() as session:
        parties = (await session.execute(select(CallParty.call_id, CallParty.agent_id).order_by(CallParty.agent_id))).all()
    await engine.dispose()
    assert [tuple(each) for each in parties] == [("c", "agt-1"), ("c", "agt-2"), ("c", "eng-1")]


async def test_migrating_twice_changes_nothing(database_url: str):
    done = await migrate(database_url)
    assert (done.before, done.after) == (head(), head())


async def test_two_migrations_at_once_both_succeed_on_sqlite(tmp_path: Path):
    url = f"sqlite+aiosqlite:///{tmp_path / 'new.sqlite3'}"
    done = await asyncio.gather(migrate(url), migrate(url))
    assert sorted(str(each.before) for each in done) == [head(), "None"]


@pytest.mark.services
async def test_two_migrations_at_once_both_succeed_on_postgres(postgres: PostgresServer):
    url = postgres.create("migrated_twice")
    done = await asyncio.gather(migrate(url), migrate(url))
    assert sorted(str(each.before) for each in done) == [head(), "None"]


def test_a_damaged_sqlite_file_is_refused_with_what_to_do(tmp_path: Path, sqlite_template: Path):
    file = tmp_path / "damaged.sqlite3"
    data = bytearray(sqlite_template.read_bytes())
    data[8192:40960] = b"\xff" * (40960 - 8192)
    file.write_bytes(data)
    with pytest.raises(SchemaError, match=r"damaged.*restore a backup"):
        asyncio.run(migrate(f"sqlite+aiosqlite:///{file}"))
    assert file.read_bytes() == data


async def test_a_file_that_is_no_database_is_refused(tmp_path: Path):
    file = tmp_path / "text.sqlite3"
    file.write_text("this is a letter" * 100)
    with pytest.raises(SchemaError, match="damaged"):
        await migrate(f"sqlite+aiosqlite:///{file}")


async def test_a_database_of_a_newer_release_is_refused(sqlite_url: str):
    with sqlite3.connect(sqlite_url.removeprefix("sqlite+aiosqlite:///")) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    with pytest.raises(SchemaError, match="newer release"):
        await migrate(sqlite_url)


AUDIT_ROW = (
    "INSERT INTO audit (at, actor, role, action, object, result, reason, address, request, data, prev_hash, hash, key_id)"
    " VALUES ('2026-11-22 00:00:00', 'u', '', 'login', '', 'ok', '', '', '', '{}', '', '', '')"
)


@pytest.mark.parametrize("change", ["UPDATE audit SET actor = 'somebody else'", "DELETE FROM audit"])
async def test_the_database_refuses_to_change_the_audit(unit_of_work: UnitOfWork, change: str):
    async with unit_of_work.write() as session:
        await session.execute(text(AUDIT_ROW))
    with pytest.raises(DBAPIError, match="append-only"):
        async with unit_of_work.write() as session:
            await session.execute(text(change))
    async with unit_of_work.read() as session:
        assert (await session.execute(text("SELECT actor FROM audit"))).scalars().all() == ["u"]
