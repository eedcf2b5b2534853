"""The fact journal: in order, once, for one core; and what happens while its file cannot be written."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from cti.calls.facts import Fact, FactKind
from cti.ports.journal import JournalFailed
from cti.store import journal_sync, journal_writer
from cti.store.journal import JournalLocked, SqliteJournal
from tests.support.floor import until

NOON = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)


@pytest.fixture
def journal(tmp_path: Path, monkeypatch) -> Iterator[SqliteJournal]:
    monkeypatch.setattr(journal_writer, "BUSY_SECONDS", 0.1)
    monkeypatch.setattr(journal_writer, "RETRY_SECONDS", 0.1)
    found = SqliteJournal(tmp_path / "journal.sqlite3")
    found.open()
    yield found
    found.close()


def fact(place: int, kind: FactKind = FactKind.IVR_STEP, call: str = "c1") -> Fact:
    return Fact(id=f"f{place}", at=NOON, kind=kind, call=call, agent=None, data={})


async def ids(journal: SqliteJournal) -> list[str]:
    return [stored.fact.id for stored in await journal.after(0, 100)]


@contextlib.contextmanager
def unwritable(folder: Path) -> Iterator[None]:
    """Somebody else holds the file: every write fails, as on a full disk."""
    db = sqlite3.connect(folder / "journal.sqlite3", isolation_level=None)
    db.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        db.execute("ROLLBACK")
        db.close()


async def test_facts_are_read_in_the_order_of_appending_and_once(journal):
    await journal.append([fact(1), fact(2)])
    await journal.append([fact(2), fact(3)])
    assert await ids(journal) == ["f1", "f2", "f3"]


async def test_a_restart_replays_calls_that_have_not_ended(journal):
    await journal.append([fact(1, FactKind.CALL_ARRIVED, "c1"), fact(2, FactKind.CALL_ARRIVED, "c2"), fact(3, call="c2")])
    await journal.append([fact(4, FactKind.CALL_ENDED, "c1")])
    assert [each.id async for each in journal.replay(calls_open_only=True)] == ["f2", "f3"]


async def test_a_second_core_on_the_same_state_is_refused_with_a_sentence(journal, tmp_path):
    with pytest.raises(JournalLocked, match="another core already runs on"):
        SqliteJournal(tmp_path / "journal.sqlite3").open()


async def test_a_write_that_fails_is_said_at_once(journal, tmp_path):
    with unwritable(tmp_path), pytest.raises(JournalFailed):
        await journal.append([fact(1)])
    assert journal.failed


async def test_what_happened_while_it_could_not_be_written_is_written_later_in_order(journal, tmp_path):
    await journal.append([fact(1)])
    with unwritable(tmp_path):
        for place in (2, 3):
            with pytest.raises(JournalFailed):
                await journal.append([fact(place)])
    await until(lambda: not journal.failed)
    await journal.append([fact(4)])
    assert await ids(journal) == ["f1", "f2", "f3", "f4"]


async def test_what_is_owed_at_the_end_is_written_before_closing(journal, tmp_path, monkeypatch):
    monkeypatch.setattr(journal_writer, "RETRY_SECONDS", 60)
    with unwritable(tmp_path), pytest.raises(JournalFailed):
        await journal.append([fact(1)])
    journal.close()
    assert await ids(journal) == ["f1"]


async def test_a_cut_keeps_open_calls(journal):
    await journal.append([fact(1, FactKind.CALL_ARRIVED, "c1"), fact(2, FactKind.CALL_ARRIVED, "c2")])
    await journal.append([fact(3, FactKind.CALL_ENDED, "c1")])
    assert await journal.cut(3) == 2
    assert await ids(journal) == ["f2"]


async def test_what_is_committed_is_synced_soon_without_anybody_waiting(journal, monkeypatch):
    synced: list[int] = []
    real = journal_sync.os.fdatasync
    monkeypatch.setattr(journal_sync.os, "fdatasync", lambda file: (real(file), synced.append(file))[0])
    await journal.append([fact(1)])
    await until(lambda: synced)


async def test_a_disk_that_cannot_sync_is_said_until_it_can(journal, monkeypatch):
    real, broken = journal_sync.os.fdatasync, [True]

    def fdatasync(file: int) -> None:
        if broken:
            raise OSError(5, "Input/output error")
        real(file)

    monkeypatch.setattr(journal_sync.os, "fdatasync", fdatasync)
    await journal.append([fact(1)])
    await until(lambda: "Input/output error" in journal.failed)
    broken.clear()
    await journal.append([fact(2)])
    await until(lambda: not journal.failed)
