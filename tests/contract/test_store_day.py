"""After a restart of the core the board shows the day, not the time since the restart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta, timezone
from pathlib import Path

import pytest

from carillon.core.day import Day
from cti.calls.facts import Fact, FactKind
from cti.services.restore import restore
from cti.store.projector import Projector
from storage.unit_of_work import UnitOfWork
from tests.support.floor import World

K = FactKind


@pytest.fixture
def restarted(tmp_path: Path) -> World:
    """A core that has just started; where it stands it is noon."""
    w = World(tmp_path)
    noon = timezone(timedelta(hours=12 - w.clock.now().hour))
    w.house = replace(w.house, zone=noon)
    w.rewire(w.switch, w.accounts)
    w.journal.open()
    return w


def call(w: World, name: str, began: float, *steps: tuple[float, FactKind]) -> list[Fact]:
    """Facts of one call that came `began` seconds ago; each step so many seconds later."""
    at = w.clock.now() - timedelta(seconds=began)
    data = {K.CALL_ARRIVED: {"ani": "+8613800138000"}, K.CALL_QUEUED: {"queue": "repairs", "skills": ["repairs"]}}
    all_steps = ((0.0, K.CALL_ARRIVED), (1.0, K.CALL_QUEUED), *steps)
    return [
        Fact(id=f"{name}-{n}", at=at + timedelta(seconds=after), kind=kind, call=name, agent="ann", data=dict(data.get(kind, {})))
        for n, (after, kind) in enumerate(all_steps)
    ]


async def projected(w: World, work: UnitOfWork, facts: Sequence[Fact], *, cut: bool) -> None:
    await w.journal.append(facts)
    stored = await w.journal.after(0, 100)
    assert await Projector(w.journal, work, lambda _queue: "")._project(stored)
    if cut:
        await w.journal.cut(stored[-1].seq)


async def test_the_day_is_counted_once_whether_in_the_journal_or_in_the_database(restarted: World, unit_of_work: UnitOfWork):
    w = restarted
    answered = call(w, "answered", 600, (11, K.CALL_ANSWERED), (60, K.CALL_ENDED))
    abandoned = call(w, "abandoned", 500, (31, K.CALL_ENDED))
    await projected(w, unit_of_work, answered, cut=True)
    await projected(w, unit_of_work, abandoned, cut=False)
    await w.journal.append(call(w, "yesterday", 86_400, (11, K.CALL_ANSWERED), (60, K.CALL_ENDED)))
    await w.journal.append(call(w, "late", 400, (21, K.CALL_ANSWERED), (60, K.CALL_ENDED)))
    await w.journal.append(call(w, "open", 30, (3, K.CALL_ANSWERED)))
    restore(w.core, [fact async for fact in w.journal.replay(calls_open_only=True)])
    await Day(w.core, w.journal, unit_of_work).run()
    queue = next(each for each in w.core.board.snapshot()["queue"] if each["id"] == "repairs")
    assert (queue["offered"], queue["answered"], queue["abandoned"], queue["sum_wait_s"]) == (4, 3, 1, 10.0 + 20.0 + 2.0)
    w.house.timers.close()
    w.journal.close()


async def test_what_happens_after_the_start_is_left_to_the_events(restarted: World, unit_of_work: UnitOfWork):
    w = restarted
    day = Day(w.core, w.journal, unit_of_work)
    await w.journal.append(call(w, "new", -1, (11, K.CALL_ANSWERED)))
    await day.run()
    queue = next(each for each in w.core.board.snapshot()["queue"] if each["id"] == "repairs")
    assert (queue["offered"], queue["answered"]) == (0, 0)
    w.journal.close()
