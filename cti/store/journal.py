"""The fact journal: the commit point of the core (ADR 0002). Its own SQLite file, one writer thread, group commit.

`append` returns when its facts are committed in WAL with synchronous=NORMAL: they survive kill -9, which is enough for an intent
(after a power cut the switch's calls are gone too). A second thread syncs the WAL at most every SYNC_SECONDS: what is older
survives a power cut, and no call waits for the disk.

When the file cannot be written, `append` fails at once, so that nothing is begun that is not known; but its facts have happened,
so they are kept and written, in order, when the file can be written again.
"""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import sqlite3
from collections.abc import AsyncIterator, Iterator, Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import IO

from cti.calls.facts import Fact, FactKind
from cti.ports.journal import JournalFailed
from cti.store.journal_rows import COLUMNS, SCHEMA, StoredFact, fact_of
from cti.store.journal_writer import JournalWriter

# Not of calls that agents are bound to by their last states
CUT_CALLS = """
DELETE FROM facts WHERE seq <= ? AND call IS NOT NULL AND call NOT IN (SELECT call FROM open_calls) AND call NOT IN (
  SELECT bound FROM (
    SELECT json_extract(CAST(data AS TEXT), '$.with') AS bound, max(seq) FROM facts WHERE call IS NULL AND kind = ? GROUP BY agent
  ) WHERE bound IS NOT NULL
)
"""


class JournalLocked(JournalFailed):
    """Another core runs on this state directory."""


class SqliteJournal:
    """One journal file, locked for this process. `open()` raises JournalLocked or JournalFailed with a sentence."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._writer = JournalWriter(path)
        self._lock_file: IO[str] | None = None

    @property
    def failed(self) -> str:
        """What the disk says when facts cannot be written or synced; '' when all is well."""
        return self._writer.failed

    def open(self) -> None:
        """Take the lock, make the schema, start the writer."""
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._take_lock()
            with sqlite3.connect(self._path) as db:
                db.execute("PRAGMA journal_mode=WAL")
                db.executescript(SCHEMA)
            db.close()
        except (OSError, sqlite3.Error) as error:
            message = f"the fact journal {self._path} cannot be opened: {error}"
            raise JournalFailed(message) from error
        self._writer.start()

    def _take_lock(self) -> None:
        self._lock_file = self._path.with_suffix(".lock").open("w")
        try:
            fcntl.flock(self._lock_file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._lock_file.close()
            message = f"another core already runs on {self._path.parent}"
            raise JournalLocked(message) from None

    def close(self) -> None:
        """Write what is queued, then release the lock."""
        self._writer.end()
        if self._lock_file is not None:
            self._lock_file.close()

    def put(self, facts: Sequence[Fact]) -> Future[None]:
        """As the port says."""
        return self._writer.put(facts)

    async def append(self, facts: Sequence[Fact]) -> None:
        """As the port says."""
        await asyncio.wrap_future(self.put(facts))

    # ---- reading ----------------------------------------------------------------------------------------------------

    @contextlib.contextmanager
    def _db(self) -> Iterator[sqlite3.Connection]:
        """One transaction beside the writer's. Raises JournalFailed: who only reads or marks must not end the core."""
        try:
            with contextlib.closing(sqlite3.connect(self._path, timeout=5)) as db, db:
                yield db
        except sqlite3.Error as error:
            message = f"the fact journal {self._path} cannot be used: {error}"
            raise JournalFailed(message) from error

    def _query(self, sql: str, *args: object) -> list[StoredFact]:
        with self._db() as db:
            return [fact_of(row) for row in db.execute(sql, args)]

    async def replay(self, *, calls_open_only: bool) -> AsyncIterator[Fact]:
        """In the order of appending: all facts, or those of calls that have not ended and of agents."""
        where = "WHERE call IS NULL OR call IN (SELECT call FROM open_calls)" if calls_open_only else ""
        for stored in await asyncio.to_thread(self._query, f"SELECT {COLUMNS} FROM facts {where} ORDER BY seq"):  # noqa: S608
            yield stored.fact

    async def after(self, seq: int, limit: int) -> list[StoredFact]:
        """Facts behind a place, for the projection."""
        return await asyncio.to_thread(
            self._query,
            f"SELECT {COLUMNS} FROM facts WHERE seq > ? ORDER BY seq LIMIT ?",  # noqa: S608
            seq,
            limit,
        )

    async def of_call(self, call: str) -> list[StoredFact]:
        """All facts of one call that the journal still holds."""
        return await asyncio.to_thread(self._query, f"SELECT {COLUMNS} FROM facts WHERE call = ? ORDER BY seq", call)  # noqa: S608

    async def get_mark(self, name: str) -> str:
        """A named place or offset of a consumer; '' when never set."""
        return await asyncio.to_thread(self._get_mark, name)

    def _get_mark(self, name: str) -> str:
        with self._db() as db:
            row = db.execute("SELECT value FROM marks WHERE name = ?", (name,)).fetchone()
        return str(row[0]) if row else ""

    async def set_mark(self, name: str, value: str) -> None:
        """Written by its consumer, rarely; the journal's own writer waits at most a moment for it."""
        await asyncio.to_thread(self._set_mark, name, value)

    def _set_mark(self, name: str, value: str) -> None:
        with self._db() as db:
            db.execute("INSERT INTO marks VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value", (name, value))

    async def cut(self, upto: int) -> int:
        """Drop facts of ended calls up to a projected place (their numbers and names live in the call record from now on). Of a
        call that an agent still writes up they are needed once more, should the core die now."""
        return await asyncio.to_thread(self._cut, upto)

    def _cut(self, upto: int) -> int:
        with self._db() as db:
            gone = db.execute(CUT_CALLS, (upto, FactKind.AGENT_STATE)).rowcount
            gone += db.execute(
                "DELETE FROM facts WHERE seq <= ? AND call IS NULL AND seq NOT IN "
                "(SELECT max(seq) FROM facts WHERE call IS NULL GROUP BY agent, kind)",
                (upto,),
            ).rowcount
        return gone
