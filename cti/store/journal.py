"""The fact journal: the commit point of the core (ADR 0002). Its own SQLite file, one writer thread, group commit.

`append` returns when its facts are committed in WAL with synchronous=NORMAL: they survive kill -9, which is enough for an intent
(after a power cut the switch's calls are gone too). A second thread syncs the WAL at most every SYNC_SECONDS: what is older
survives a power cut, and no call waits for the disk.

When the file cannot be written, `append` fails at once, so that nothing is begun that is not known; but its facts have happened,
so they are kept and written, in order, when the file can be written again.
"""

from __future__ import annotations

import asyncio
import fcntl
import logging
import os
import queue
import sqlite3
import threading
from collections.abc import AsyncIterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from time import sleep
from typing import IO

import orjson

from cti.calls.facts import Fact, FactKind
from cti.ports.journal import JournalFailed

log = logging.getLogger("cti.store")

SYNC_SECONDS = 0.05
GROUP = 512  # entries written in one transaction at the most
BUSY_SECONDS = 5.0  # for consumers that set a mark or cut; longer counts as a failure
RETRY_SECONDS = 1.0  # while facts are owed and no new ones come
OWED_AT_MOST = 100_000  # facts kept in memory while the file cannot be written: hours of a big house

SCHEMA = """
CREATE TABLE IF NOT EXISTS facts (
  seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, at TEXT NOT NULL, kind TEXT NOT NULL,
  call TEXT, agent TEXT, data BLOB NOT NULL, v INTEGER NOT NULL);
CREATE INDEX IF NOT EXISTS facts_call ON facts (call);
CREATE TABLE IF NOT EXISTS open_calls (call TEXT PRIMARY KEY);
CREATE TABLE IF NOT EXISTS marks (name TEXT PRIMARY KEY, value TEXT NOT NULL);
"""
_ENDS = (FactKind.CALL_ENDED, FactKind.CALL_REBUILT)
_BEGINS = (FactKind.CALL_ARRIVED, FactKind.CALL_DIALLED)


class JournalLocked(JournalFailed):
    """Another core runs on this state directory."""


@dataclass(frozen=True, slots=True)
class StoredFact:
    """A fact with its place in the journal."""

    seq: int
    fact: Fact


def _row(fact: Fact) -> tuple[str, str, str, str | None, str | None, bytes, int]:
    return fact.id, fact.at.isoformat(), fact.kind, fact.call, fact.agent, orjson.dumps(dict(fact.data)), fact.v


def _fact(row: Sequence[object]) -> StoredFact:
    seq, fact_id, at, kind, call, agent, data, v = row
    assert isinstance(seq, int)  # noqa: S101  (the schema says so)
    fact = Fact(
        id=str(fact_id),
        at=datetime.fromisoformat(str(at)),
        kind=FactKind(str(kind)),
        call=None if call is None else str(call),
        agent=None if agent is None else str(agent),
        data=orjson.loads(data if isinstance(data, bytes) else str(data)),
        v=int(str(v)),
    )
    return StoredFact(seq, fact)


_COLUMNS = "seq, id, at, kind, call, agent, data, v"


class SqliteJournal:
    """One journal file, locked for this process. `open()` raises JournalLocked or JournalFailed with a sentence."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._inbox: queue.Queue[tuple[Sequence[Fact], Future[None]] | None] = queue.Queue(maxsize=10_000)
        self._thread: threading.Thread | None = None
        self._lock_file: IO[str] | None = None
        self._owed: list[Fact] = []  # not written for a fault that may pass (a full disk); written first when it has
        self._unwritten = self._unsynced = ""
        self._written = threading.Event()
        self._ended = False
        self._syncer: threading.Thread | None = None

    @property
    def failed(self) -> str:
        """What the disk says when facts cannot be written or synced; '' when all is well."""
        return self._unwritten or self._unsynced

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
        self._thread = threading.Thread(target=self._write_loop, name="journal", daemon=True)
        self._syncer = threading.Thread(target=self._sync_loop, name="journal-sync", daemon=True)
        self._ended = False
        self._thread.start()
        self._syncer.start()

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
        if self._thread is not None:
            self._inbox.put(None)
            self._thread.join(timeout=10)
            self._thread = None
        if self._syncer is not None:
            self._syncer.join(timeout=10)
            self._syncer = None
        if self._lock_file is not None:
            self._lock_file.close()

    # ---- writing ----------------------------------------------------------------------------------------------------

    def put(self, facts: Sequence[Fact]) -> Future[None]:
        """Queue facts in order; the future is done when they are committed. A full queue counts as a failed journal."""
        done: Future[None] = Future()
        try:
            self._inbox.put_nowait((facts, done))
        except queue.Full:
            done.set_exception(JournalFailed("the fact journal is not written fast enough"))
        return done

    async def append(self, facts: Sequence[Fact]) -> None:
        """As the port says."""
        await asyncio.wrap_future(self.put(facts))

    def _write_loop(self) -> None:
        db = sqlite3.connect(self._path, timeout=BUSY_SECONDS, isolation_level=None)
        db.execute("PRAGMA synchronous=NORMAL")
        try:
            while (group := self._next_group()) is not None:
                self._commit(db, group)
                self._written.set()
            if self._owed:
                self._commit(db, [])
        finally:
            self._ended = True
            self._written.set()
            db.close()

    def _sync_loop(self) -> None:
        """fdatasync(2) of the WAL, as a FULL commit does it; of the file as it is now, for a checkpoint may begin a new one."""
        wal = f"{self._path}-wal"
        while not self._ended:
            self._written.wait()
            self._written.clear()
            try:
                file = os.open(wal, os.O_RDONLY)
                try:
                    os.fdatasync(file)
                finally:
                    os.close(file)
                self._unsynced = ""
            except FileNotFoundError:
                self._unsynced = ""  # checkpointed and closed: all of it is in the database file
            except OSError as error:
                self._unsynced = f"{wal}: {error.strerror}"
            sleep(SYNC_SECONDS)

    def _next_group(self) -> list[tuple[Sequence[Fact], Future[None]]] | None:
        try:
            first = self._inbox.get(timeout=RETRY_SECONDS if self._owed else None)
        except queue.Empty:
            return []
        if first is None:
            return None
        group = [first]
        while len(group) < GROUP:
            try:
                item = self._inbox.get_nowait()
            except queue.Empty:
                break
            if item is None:
                self._inbox.put(None)
                break
            group.append(item)
        return group

    def _commit(self, db: sqlite3.Connection, group: list[tuple[Sequence[Fact], Future[None]]]) -> None:
        facts = [*self._owed, *(fact for facts, _ in group for fact in facts)]
        try:
            db.execute("BEGIN IMMEDIATE")
            self._insert(db, facts)
            db.execute("COMMIT")
        except sqlite3.Error as error:
            if db.in_transaction:
                db.execute("ROLLBACK")
            self._unwritten, self._owed = str(error), facts[:OWED_AT_MOST]
            if len(facts) > OWED_AT_MOST:
                log.exception("%d facts are lost: the journal could not be written for too long", len(facts) - OWED_AT_MOST)
            for _, done in group:
                done.set_exception(JournalFailed(f"the fact journal cannot be written: {error}"))
            return
        self._unwritten, self._owed = "", []
        for _, done in group:
            done.set_result(None)

    @staticmethod
    def _insert(db: sqlite3.Connection, facts: Sequence[Fact]) -> None:
        db.executemany(
            "INSERT OR IGNORE INTO facts (id, at, kind, call, agent, data, v) VALUES (?, ?, ?, ?, ?, ?, ?)", map(_row, facts)
        )
        begun = [(fact.call,) for fact in facts if fact.call and fact.kind in _BEGINS]
        ended = [(fact.call,) for fact in facts if fact.call and fact.kind in _ENDS]
        if begun:
            db.executemany("INSERT OR IGNORE INTO open_calls VALUES (?)", begun)
        if ended:
            db.executemany("DELETE FROM open_calls WHERE call = ?", ended)

    # ---- reading ----------------------------------------------------------------------------------------------------

    def _query(self, sql: str, *args: object) -> list[StoredFact]:
        with sqlite3.connect(self._path) as db:
            rows = [_fact(row) for row in db.execute(sql, args)]
        db.close()
        return rows

    async def replay(self, *, calls_open_only: bool) -> AsyncIterator[Fact]:
        """In the order of appending: all facts, or those of calls that have not ended and of agents."""
        where = "WHERE call IS NULL OR call IN (SELECT call FROM open_calls)" if calls_open_only else ""
        for stored in await asyncio.to_thread(self._query, f"SELECT {_COLUMNS} FROM facts {where} ORDER BY seq"):  # noqa: S608
            yield stored.fact

    async def after(self, seq: int, limit: int) -> list[StoredFact]:
        """Facts behind a place, for the projection."""
        return await asyncio.to_thread(
            self._query,
            f"SELECT {_COLUMNS} FROM facts WHERE seq > ? ORDER BY seq LIMIT ?",  # noqa: S608
            seq,
            limit,
        )

    async def of_call(self, call: str) -> list[StoredFact]:
        """All facts of one call that the journal still holds."""
        return await asyncio.to_thread(self._query, f"SELECT {_COLUMNS} FROM facts WHERE call = ? ORDER BY seq", call)  # noqa: S608

    async def get_mark(self, name: str) -> str:
        """A named place or offset of a consumer; '' when never set."""
        return await asyncio.to_thread(self._get_mark, name)

    def _get_mark(self, name: str) -> str:
        with sqlite3.connect(self._path) as db:
            row = db.execute("SELECT value FROM marks WHERE name = ?", (name,)).fetchone()
        db.close()
        return str(row[0]) if row else ""

    async def set_mark(self, name: str, value: str) -> None:
        """Written by its consumer, rarely; the journal's own writer waits at most a moment for it."""
        await asyncio.to_thread(self._set_mark, name, value)

    def _set_mark(self, name: str, value: str) -> None:
        with sqlite3.connect(self._path, timeout=5) as db:
            db.execute("INSERT INTO marks VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value", (name, value))
        db.close()

    async def cut(self, upto: int) -> int:
        """Drop facts of ended calls up to a projected place (their numbers and names live in the call record from now on)."""
        return await asyncio.to_thread(self._cut, upto)

    def _cut(self, upto: int) -> int:
        with sqlite3.connect(self._path, timeout=5) as db:
            gone = db.execute(
                "DELETE FROM facts WHERE seq <= ? AND call IS NOT NULL AND call NOT IN (SELECT call FROM open_calls)", (upto,)
            ).rowcount
            gone += db.execute(
                "DELETE FROM facts WHERE seq <= ? AND call IS NULL AND seq NOT IN "
                "(SELECT max(seq) FROM facts WHERE call IS NULL GROUP BY agent, kind)",
                (upto,),
            ).rowcount
        db.close()
        return gone
