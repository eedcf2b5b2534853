"""The catalogue of recordings, on SQLite and on PostgreSQL."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from recordings import catalog
from recordings.catalog import RecordingRow
from recordings.ingest import Status

CALL = "0f3c2a10-1111-4222-8333-444455556666"
AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
BEGUN = RecordingRow(id=CALL, call_id=CALL, status=Status.RECORDING, started_at=AT, queue="repairs", team_id="t1")
DONE = replace(
    BEGUN,
    status=Status.FINAL,
    file=f"2026/03/02/{CALL}.wav",
    seconds=12.5,
    bytes=400_044,
    sha256="ab",
    ended_at=AT + timedelta(seconds=13),
)


async def save(unit_of_work, *rows):
    for row in rows:
        async with unit_of_work.write() as session:
            await catalog.save(session, row)


async def test_a_recording_is_found_by_its_id_and_its_call(unit_of_work):
    await save(unit_of_work, DONE)
    async with unit_of_work.read() as session:
        assert await catalog.get(session, CALL) == DONE
        assert await catalog.of_call(session, CALL) == DONE


async def test_what_is_not_there_is_none(unit_of_work):
    async with unit_of_work.read() as session:
        assert await catalog.get(session, CALL) is None
        assert await catalog.of_call(session, CALL) is None


async def test_a_recording_that_ends_is_the_same_row(unit_of_work):
    await save(unit_of_work, BEGUN, DONE, DONE)
    async with unit_of_work.read() as session:
        assert await catalog.get(session, CALL) == DONE


async def test_a_beginning_told_late_does_not_undo_the_end(unit_of_work):
    await save(unit_of_work, DONE, BEGUN)
    async with unit_of_work.read() as session:
        assert await catalog.get(session, CALL) == DONE


async def test_unfinished_ones_are_listed_for_a_start(unit_of_work):
    other = replace(BEGUN, id="b", call_id="b", started_at=AT + timedelta(hours=1))
    await save(unit_of_work, BEGUN, other, replace(DONE, id="c", call_id="c"))
    async with unit_of_work.read() as session:
        assert await catalog.unfinished(session, AT + timedelta(minutes=1)) == [BEGUN]
