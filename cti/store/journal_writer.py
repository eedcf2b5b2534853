"""The journal's one writer thread: group commit, and what is owed while the file cannot be written."""

from __future__ import annotations

import logging
import queue
import sqlite3
import threading
from collections.abc import Sequence
from concurrent.futures import Future
from pathlib import Path

from cti.calls.facts import Fact
from cti.ports.journal import JournalFailed
from cti.store.journal_rows import insert
from cti.store.journal_sync import WalSync

log = logging.getLogger("cti.store")

GROUP = 512  # entries written in one transaction at the most
BUSY_SECONDS = 5.0  # for consumers that set a mark or cut; longer counts as a failure
RETRY_SECONDS = 1.0  # while facts are owed and no new ones come
OWED_AT_MOST = 100_000  # facts kept in memory while the file cannot be written: hours of a big house

Entry = tuple[Sequence[Fact], Future[None]]


class JournalWriter:
    """What is put is committed in order, then synced. A full inbox counts as a failed journal."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._inbox: queue.Queue[Entry | None] = queue.Queue(maxsize=10_000)
        self._owed: list[Fact] = []  # not written for a fault that may pass (a full disk); written first when it has
        self._unwritten = ""
        self._sync = WalSync(path)
        self._thread: threading.Thread | None = None

    @property
    def failed(self) -> str:
        """What the disk says when facts cannot be written or synced; '' when all is well."""
        return self._unwritten or self._sync.failed

    def start(self) -> None:
        """Begin to write."""
        self._sync.start()
        self._thread = threading.Thread(target=self._run, name="journal", daemon=True)
        self._thread.start()

    def end(self) -> None:
        """Write what is queued, then end. Said again it does nothing."""
        if self._thread is not None:
            self._inbox.put(None)
            self._thread.join(timeout=10)
            self._thread = None
        self._sync.join()

    def put(self, facts: Sequence[Fact]) -> Future[None]:
        """Queue facts in order; the future is done when they are committed. A full queue counts as a failed journal."""
        done: Future[None] = Future()
        try:
            self._inbox.put_nowait((facts, done))
        except queue.Full:
            done.set_exception(JournalFailed("the fact journal is not written fast enough"))
        return done

    def _run(self) -> None:
        db = sqlite3.connect(self._path, timeout=BUSY_SECONDS, isolation_level=None)
        db.execute("PRAGMA synchronous=NORMAL")
        try:
            while (group := self._next_group()) is not None:
                self._commit(db, group)
                self._sync.written()
            if self._owed:
                self._commit(db, [])
        finally:
            self._sync.end()
            db.close()

    def _next_group(self) -> list[Entry] | None:
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

    def _commit(self, db: sqlite3.Connection, group: list[Entry]) -> None:
        facts = [*self._owed, *(fact for facts, _ in group for fact in facts)]
        try:
            db.execute("BEGIN IMMEDIATE")
            insert(db, facts)
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
