"""Brings a database to the newest schema. Safe to repeat; refuses a damaged SQLite file before touching it."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util.exc import CommandError
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import AsyncEngine

from storage.engine import WRITES, database_url, engine_for
from storage.errors import DatabaseAway
from storage.faults import translated

CHECKED_UP_TO = 512 * 2**20  # bytes; a check reads the whole file, and a start must not take minutes
LOCK = 0x0CA411107  # pg_advisory_xact_lock: two processes that migrate at once take turns


class SchemaError(Exception):
    """The database cannot be brought to this release's schema; the text says what to do."""


@dataclass(frozen=True, slots=True)
class Migrated:
    """What happened: revision before (None: an empty database) and after."""

    before: str | None
    after: str


def configuration() -> Config:
    """Alembic's configuration, made here: nothing depends on the working directory."""
    config = Config()
    config.set_main_option("script_location", "carillon:migrations")
    config.set_main_option("path_separator", "os")
    return config


def head() -> str:
    """The newest revision this release knows."""
    newest = ScriptDirectory.from_config(configuration()).get_current_head()
    if newest is None:
        raise SchemaError("this release carries no migrations: it is not whole, install it again")
    return newest


async def migrate(url: str) -> Migrated:
    """Create or upgrade the schema. Raises SchemaError, DatabaseAway, UnknownDatabase."""
    _prepare_sqlite(url)
    engine = engine_for(url, pool_size=1)
    try:
        return await _upgrade(engine)
    finally:
        await engine.dispose()


async def _upgrade(engine: AsyncEngine) -> Migrated:
    target = head()
    with translated():
        async with engine.connect() as connection:
            await connection.execution_options(**{WRITES: True})
            async with connection.begin():
                if engine.dialect.name == "postgresql":
                    await connection.execute(text("SET LOCAL statement_timeout = 0"))  # an index on a large table takes its time
                    await connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK})
                before = await connection.run_sync(current)
                if before != target:
                    await connection.run_sync(_run, target)
    return Migrated(before, target)


def current(connection: Connection) -> str | None:
    """The revision a database is at; None when it is empty."""
    return MigrationContext.configure(connection).get_current_revision()


def _run(connection: Connection, target: str) -> None:
    config = configuration()
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, target)
    except CommandError as error:
        raise SchemaError(
            f"the database is at a revision that this release does not know ({error}). It was made by a newer release:"
            " start that one, or restore the backup that was made before the upgrade"
        ) from error


def _prepare_sqlite(url: str) -> None:
    parsed = database_url(url)
    if parsed.get_backend_name() != "sqlite" or not parsed.database:
        return
    file = Path(parsed.database)
    file.parent.mkdir(parents=True, exist_ok=True)
    if not file.exists():
        file.touch(mode=0o600)
    elif file.stat().st_size:
        _check_sqlite(file)


def _check_sqlite(file: Path) -> None:
    """`PRAGMA quick_check` finds a torn page, a cut file, a wrong header. Of a huge file only the schema is read."""
    question = "PRAGMA quick_check(1)" if file.stat().st_size <= CHECKED_UP_TO else "SELECT 'ok' FROM sqlite_master LIMIT 1"
    try:
        connection = sqlite3.connect(f"file:{file}?mode=rw", uri=True, timeout=5)
        try:
            verdict = connection.execute(question).fetchone()[0]
        finally:
            connection.close()
    except sqlite3.DatabaseError as error:
        if getattr(error, "sqlite_errorcode", 0) & 0xFF in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
            raise DatabaseAway(f"{file} is locked by another process") from error
        verdict = str(error)
    if verdict != "ok":
        found = " ".join(str(verdict).split())
        raise SchemaError(
            f"{file} is damaged ({found}). Nothing was changed. Stop everything, keep a copy of the file with its"
            f' -wal and -shm files, then restore a backup or try: sqlite3 {file} ".recover" | sqlite3 {file}.mended'
        )
