"""Reads a driver's error by its code, never by its text: whose fault was it?"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from sqlalchemy import exc
from sqlalchemy.orm.exc import StaleDataError

from storage.errors import Conflict, DatabaseAway, Duplicate

# https://www.sqlite.org/rescode.html, primary codes (low byte): the file or its lock, not the statement
SQLITE_AWAY = frozenset(
    {
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_CORRUPT,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_PROTOCOL,
        sqlite3.SQLITE_NOTADB,
    }
)
POSTGRES_UNIQUE = "23505"


def is_away(cause: BaseException | None) -> bool:
    """Whether the database itself is the trouble, so that trying later may help. `cause`: as the driver raised it."""
    if isinstance(cause, psycopg.OperationalError | psycopg.InterfaceError):
        return True
    if isinstance(cause, sqlite3.Error):
        # Some connection faults carry no code at all (the driver noticed, SQLite was not asked).
        code = getattr(cause, "sqlite_errorcode", None)
        return isinstance(cause, sqlite3.OperationalError) if code is None else (code & 0xFF) in SQLITE_AWAY
    return False


def is_duplicate(cause: BaseException | None) -> bool:
    """Whether a unique key or primary key was taken."""
    if isinstance(cause, sqlite3.Error):
        return getattr(cause, "sqlite_errorcode", 0) in {sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY}
    return getattr(cause, "sqlstate", None) == POSTGRES_UNIQUE


@contextmanager
def translated() -> Iterator[None]:
    """Turn the driver's errors inside the block into ours; what is our own bug passes unchanged."""
    try:
        yield
    except StaleDataError as error:
        raise Conflict("the row was changed by somebody else") from error
    except exc.TimeoutError as error:
        raise DatabaseAway("no database connection became free in time") from error
    except exc.DBAPIError as error:
        if is_duplicate(error.orig):
            raise Duplicate("a unique key is taken") from error
        if error.connection_invalidated or is_away(error.orig):
            raise DatabaseAway(f"the business database does not answer ({type(error.orig).__name__})") from error
        raise
    except (sqlite3.Error, psycopg.Error) as error:  # a held reader speaks to the driver itself
        if is_away(error):
            raise DatabaseAway(f"the business database does not answer ({type(error).__name__})") from error
        raise
