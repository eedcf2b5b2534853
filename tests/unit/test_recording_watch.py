"""What the core says of a recording that does not grow, and of a disk that is nearly full."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from carillon.core.recording_watch import RecordingWatch
from cti.calls.call_states import CallState
from cti.ports.consoles import CommandRefused
from recordings.desk import RecordingDesk
from recordings.ingest import Ingest
from recordings.room import Room
from recordings.storage import LocalStorage
from tests.support.floor import until, world

PLENTY, LITTLE = Room(50 * 1024**3, 10**12), Room(1024**3, 10**12)


def watch_over(w, folder: Path, room: Room = PLENTY) -> RecordingWatch:
    return RecordingWatch(w.core, RecordingDesk(Ingest(folder, LocalStorage(folder / "kept"))), folder, lambda _folder: room)


async def talking(w):
    await w.ready("ann")
    call = await w.calls_in()
    await w.talk("ann", call)
    await until(lambda: call.recording == "on")
    return call


async def test_a_recording_that_grows_is_left_alone(tmp_path):
    async with world(tmp_path) as w:
        call = await talking(w)
        file = tmp_path / f"{call.id}.raw"
        file.write_bytes(bytes(320))
        looking = asyncio.ensure_future(watch_over(w, tmp_path).round(0.2))
        await asyncio.sleep(0.05)
        file.write_bytes(bytes(640))
        await looking
        assert call.recording == "on"


@pytest.mark.parametrize("there", [True, False])
async def test_a_recording_that_stands_still_or_is_missing_is_told_and_the_call_goes_on(tmp_path, there):
    async with world(tmp_path) as w:
        call = await talking(w)
        if there:
            (tmp_path / f"{call.id}.raw").write_bytes(bytes(320))
        await watch_over(w, tmp_path).round(0.05)
        assert (call.recording, call.state) == ("failed", CallState.TALKING)
        await w.house.recorder.commit()
        assert "recording.stalled" in [fact.kind async for fact in w.journal.replay(calls_open_only=True)]


async def test_nothing_is_dialled_while_the_disk_is_nearly_full_and_callers_come_in(tmp_path):
    async with world(tmp_path) as w:
        await w.ready("ann")
        await watch_over(w, tmp_path, LITTLE).round(0.05)
        with pytest.raises(CommandRefused, match="disk_low"):
            await w.command("ann", "call.dial", number="+8613800138000")
        await w.talk("ann", await w.calls_in())


async def test_a_disk_that_does_not_answer_counts_as_full(tmp_path):
    async with world(tmp_path) as w:
        watch = watch_over(w, tmp_path)
        watch._room = lambda folder: (_ for _ in ()).throw(OSError(5, "Input/output error"))
        await watch.round(0.05)
        assert watch.refusal() == "disk_low"
