"""The journal into the business database, on both databases: each fact once, the record as its facts tell it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from cti.calls.facts import Fact, FactKind, JsonValue
from cti.ports.journal import JournalFailed
from cti.store.journal import SqliteJournal
from cti.store.models import AgentSession, CallFact, CallParty, CallRecord
from cti.store.projector import Projector
from storage.unit_of_work import UnitOfWork
from tests.support.bus import until

NOON = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[SqliteJournal]:
    found = SqliteJournal(tmp_path / "journal.sqlite3")
    found.open()
    yield found
    found.close()


@pytest.fixture
def projector(journal: SqliteJournal, unit_of_work: UnitOfWork) -> Projector:
    return Projector(journal, unit_of_work, lambda queue: "team-hotline" if queue == "repairs" else "")


def fact(place: int, kind: FactKind, *, call: str | None = None, agent: str | None = None, **data: JsonValue) -> Fact:
    return Fact(id=f"f{place}", at=NOON + timedelta(seconds=place), kind=kind, call=call, agent=agent, data=data)


ARRIVED = fact(1, FactKind.CALL_ARRIVED, call="c1", ani="+8613800138000", ani_raw="13800138000", dnis="4001", switch="sw1")
QUEUED = fact(2, FactKind.CALL_QUEUED, call="c1", queue="repairs", language="zh", skills=["repairs"])
ANSWERED = fact(4, FactKind.CALL_ANSWERED, call="c1", agent="agt-1", uniqueid="leg")
ENDED = fact(9, FactKind.CALL_ENDED, call="c1", by="caller", cause=16, reason="completed")


async def project(journal: SqliteJournal, projector: Projector, facts: Sequence[Fact], after: int = 0) -> None:
    await journal.append(facts)
    assert await projector._project(await journal.after(after, 100))


async def test_a_call_in_two_batches_is_one_record(journal, projector, unit_of_work):
    await project(journal, projector, [ARRIVED, QUEUED])
    await project(journal, projector, [ANSWERED, ENDED], after=2)
    async with unit_of_work.read() as session:
        record = await session.get_one(CallRecord, "c1")
    assert (record.state, record.from_e164, record.queue, record.team_id) == (
        "ended",
        "+8613800138000",
        "repairs",
        "team-hotline",
    )
    assert (record.wait_s, record.talk_s, record.ended_by) == (2.0, 5.0, "caller")


async def test_numbers_and_names_stay_out_of_the_lasting_facts(journal, projector, unit_of_work):
    await project(journal, projector, [ARRIVED])
    async with unit_of_work.read() as session:
        kept = await session.get_one(CallFact, "f1")
    assert kept.data == {"dnis": "4001", "switch": "sw1"}


async def test_a_batch_that_is_projected_twice_changes_nothing(journal, projector, unit_of_work):
    await project(journal, projector, [ARRIVED, QUEUED, ANSWERED, ENDED])
    again = Projector(journal, unit_of_work, lambda _queue: "team-hotline")
    assert await again._project(await journal.after(0, 100))
    async with unit_of_work.read() as session:
        facts = (await session.scalars(select(CallFact.id))).all()
        record = await session.get_one(CallRecord, "c1")
    assert (sorted(facts), record.version, record.talk_s) == (["f1", "f2", "f4", "f9"], 4, 5.0)


async def test_what_was_committed_before_a_kill_is_found_again_in_the_next_batch(journal, projector, unit_of_work):
    await project(journal, projector, [ARRIVED, QUEUED])
    again = Projector(journal, unit_of_work, lambda _queue: "team-hotline")
    await project(journal, again, [ANSWERED, ENDED])
    async with unit_of_work.read() as session:
        record = await session.get_one(CallRecord, "c1")
    assert (record.from_e164, record.version, record.state) == ("+8613800138000", 4, "ended")


async def test_an_owner_who_is_named_after_the_end_is_in_the_record(journal, projector, unit_of_work):
    await project(journal, projector, [ARRIVED, QUEUED, ANSWERED, ENDED])
    named = fact(99, FactKind.OWNER_CHOSEN, call="c1", agent="agt-1", owner="o-1", by="agent")
    again = Projector(journal, unit_of_work, lambda _queue: "")
    await project(journal, again, [named], after=4)
    async with unit_of_work.read() as session:
        record = await session.get_one(CallRecord, "c1")
    assert (record.owner_id, record.state, record.from_e164) == ("o-1", "ended", "+8613800138000")


async def parties(unit_of_work: UnitOfWork) -> list[str]:
    async with unit_of_work.read() as session:
        return sorted(await session.scalars(select(CallParty.agent_id).where(CallParty.call_id == "c1")))


async def test_who_had_the_call_or_was_consulted_stays_one_of_its_parties(journal, projector, unit_of_work):
    rung = fact(3, FactKind.RING_REQUESTED, call="c1", agent="agt-0", offer="o", endpoint="e")
    given = fact(5, FactKind.TRANSFERRED, call="c1", agent="agt-1", to_kind="agent", to="agt-2")
    answered = fact(6, FactKind.CALL_ANSWERED, call="c1", agent="agt-2", uniqueid="leg2")
    asked = fact(7, FactKind.CONSULT_ANSWERED, call="c1", engineer="eng-1", uniqueid="leg3")
    left = fact(8, FactKind.CONSULT_CANCELLED, call="c1", agent="agt-2", engineer="eng-1", why="agent")
    await project(journal, projector, [ARRIVED, QUEUED, rung, ANSWERED, given])
    assert await parties(unit_of_work) == ["agt-1"]
    again = Projector(journal, unit_of_work, lambda _queue: "")
    await project(journal, again, [answered, asked, left, ENDED], after=5)
    assert await parties(unit_of_work) == ["agt-1", "agt-2", "eng-1"]


async def test_who_dialled_or_took_the_call_over_is_a_party_too(journal, projector, unit_of_work):
    dialled = Fact(id="f1", at=NOON, kind=FactKind.CALL_DIALLED, call="c1", agent="agt-1", data={"agent": "agt-1"})
    completed = fact(2, FactKind.CONSULT_COMPLETED, call="c1", agent="agt-1", engineer="eng-1")
    await project(journal, projector, [dialled, completed])
    assert await parties(unit_of_work) == ["agt-1", "eng-1"]


def state(place: int, old: str, new: str, agent: str = "agt-1") -> Fact:
    return fact(place, FactKind.AGENT_STATE, agent=agent, **{"from": old, "to": new, "reason": ""})


async def spans(unit_of_work: UnitOfWork, agent: str = "agt-1") -> list[tuple[str, float, float | None]]:
    async with unit_of_work.read() as session:
        chosen = select(AgentSession).where(AgentSession.agent_id == agent).order_by(AgentSession.from_at)
        rows = (await session.scalars(chosen)).all()
    return [(row.state, (row.from_at - NOON).total_seconds(), row.to_at and (row.to_at - NOON).total_seconds()) for row in rows]


async def test_each_state_of_an_agent_ends_the_one_before_it(journal, projector, unit_of_work):
    await project(journal, projector, [state(1, "LOGGED_OUT", "AUX"), state(3, "AUX", "READY"), state(4, "X", "AUX", "agt-2")])
    await project(journal, projector, [state(7, "READY", "RINGING"), state(8, "RINGING", "ON_CALL")], after=3)
    assert await spans(unit_of_work) == [("AUX", 1, 3), ("READY", 3, 7), ("RINGING", 7, 8), ("ON_CALL", 8, None)]
    assert await spans(unit_of_work, "agt-2") == [("AUX", 4, None)]


async def test_a_log_out_leaves_no_open_state(journal, projector, unit_of_work):
    await project(journal, projector, [state(1, "LOGGED_OUT", "AUX"), state(5, "AUX", "LOGGED_OUT")])
    assert await spans(unit_of_work) == [("AUX", 1, 5)]


async def test_a_journal_that_cannot_be_marked_is_waited_for_and_ends_nothing(journal, projector, unit_of_work, monkeypatch):
    await journal.append([ARRIVED, QUEUED])
    broken, asked = True, 0
    set_mark = SqliteJournal.set_mark

    async def marks(self: SqliteJournal, name: str, value: str) -> None:
        nonlocal asked
        asked += 1
        if broken:
            raise JournalFailed("no space left")
        await set_mark(self, name, value)

    async def at_once(_seconds: float) -> None:
        await asyncio.sleep(0.01)

    monkeypatch.setattr(SqliteJournal, "set_mark", marks)
    monkeypatch.setattr(projector, "_sleep", at_once)
    running = asyncio.ensure_future(projector.run())
    await until(lambda: asked > 2, what="marks that fail")
    assert not running.done()
    broken = False
    await journal.append([ANSWERED])
    async with asyncio.timeout(8):
        while await journal.get_mark("projected") != "3":  # noqa: ASYNC110  # another task writes it
            await asyncio.sleep(0.01)
    running.cancel()
    async with unit_of_work.read() as session:
        assert len((await session.scalars(select(CallFact.id))).all()) == 3


async def test_a_journal_that_is_no_database_any_more_says_so(journal, tmp_path):
    journal.close()
    (tmp_path / "journal.sqlite3").write_bytes(b"x" * 8192)
    for name in ("journal.sqlite3-wal", "journal.sqlite3-shm"):
        (tmp_path / name).unlink(missing_ok=True)
    with pytest.raises(JournalFailed, match="cannot be used"):
        await journal.get_mark("projected")
