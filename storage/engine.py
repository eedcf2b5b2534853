"""The async engine of SQLite (WAL) and PostgreSQL, and the two ways to open a transaction on it.

SQLite upgrades a deferred transaction only when nobody wrote meanwhile and fails at once otherwise, whatever the busy
time-out: so a transaction that will write says so at its start (`BEGIN IMMEDIATE`), and only such ones write.
"""

from __future__ import annotations

from typing import Any

import orjson
from sqlalchemy import URL, Connection, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from storage.errors import UnknownDatabase

BUSY_TIMEOUT_MS = 5000
STATEMENT_TIMEOUT_MS = 10_000  # no statement of ours takes this long; a stuck one must not hold a request for ever
POOL_SIZE = 5
DRIVERS = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+psycopg"}
WRITES = "carillon_writes"  # execution option of a transaction that will write


def _to_json(value: Any) -> str:
    return orjson.dumps(value).decode()


def engine_for(url: str, *, pool_size: int = POOL_SIZE) -> AsyncEngine:
    """An engine that opened nothing yet. Whoever makes it disposes it: aiosqlite's threads keep a process alive.

    Raises UnknownDatabase.
    """
    parsed = database_url(url)
    if parsed.get_backend_name() == "sqlite":
        return _sqlite(parsed, pool_size)
    return create_async_engine(
        parsed,
        pool_size=pool_size,
        max_overflow=pool_size,
        pool_timeout=5,
        pool_pre_ping=True,
        json_serializer=_to_json,
        json_deserializer=orjson.loads,
        connect_args={"connect_timeout": 3, "options": f"-c timezone=UTC -c statement_timeout={STATEMENT_TIMEOUT_MS}"},
    )


def database_url(url: str) -> URL:
    """With the driver that we use, which may be left out. Raises UnknownDatabase."""
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise UnknownDatabase("the database's address cannot be read; write postgresql://user:password@host/name") from error
    if parsed.get_backend_name() not in DRIVERS:
        raise UnknownDatabase(f"Carillon works on SQLite and PostgreSQL, not on {parsed.get_backend_name()}")
    return parsed.set(drivername=DRIVERS[parsed.get_backend_name()])


def _sqlite(url: URL, pool_size: int) -> AsyncEngine:
    engine = create_async_engine(
        url,
        pool_size=pool_size,
        max_overflow=pool_size,
        pool_timeout=5,
        json_serializer=_to_json,
        json_deserializer=orjson.loads,
        # None: the driver begins nothing by itself, `_begin` below does.
        connect_args={"isolation_level": None, "timeout": BUSY_TIMEOUT_MS / 1000},
    )
    event.listen(engine.sync_engine, "connect", _prepare)
    event.listen(engine.sync_engine, "begin", _begin)
    return engine


def _prepare(connection: DBAPIConnection, _record: object) -> None:
    cursor = connection.cursor()
    for pragma in (
        f"busy_timeout = {BUSY_TIMEOUT_MS}",
        "journal_mode = WAL",
        "foreign_keys = ON",
        "synchronous = FULL",  # an API 2xx is durable: in WAL, NORMAL may lose the last commits at a power cut
        "temp_store = MEMORY",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin(connection: Connection) -> None:
    options = connection.get_execution_options()
    if options.get("isolation_level") == "AUTOCOMMIT":
        return  # a held reader: each statement sees what is committed by then
    writes = options.get(WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN DEFERRED")
