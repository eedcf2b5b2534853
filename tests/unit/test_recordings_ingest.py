"""Ingest: partial, odd, empty and missing files, a full disk, and a crash at every step."""

from __future__ import annotations

import json
import os
import wave
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest

from recordings.desk import Growth, RecordingDesk, growth
from recordings.errors import NoSpace
from recordings.ingest import Flaw, Ingest, Status
from recordings.room import RESERVE_BYTES, Room
from recordings.storage import LocalStorage

CALL = "0f3c2a10-1111-4222-8333-444455556666"
OTHER = "0f3c2a10-1111-4222-8333-444455557777"
AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
SECOND = 32_000  # bytes


class House:
    def __init__(self, folder: Path, room: Room | None = None) -> None:
        self.incoming, self.storage = folder / "incoming", LocalStorage(folder / "final")
        self.incoming.mkdir(exist_ok=True)
        self.ingest = Ingest(self.incoming, self.storage, (lambda _: room) if room else (lambda _: Room(10**12, 10**12)))

    def raw(self, data: bytes, call: str = CALL) -> Path:
        path = self.incoming / f"{call}.raw"
        path.write_bytes(data)
        return path


@pytest.fixture
def house(tmp_path):
    return House(tmp_path)


def test_a_raw_file_becomes_a_wav_with_peaks(house):
    house.raw(os.urandom(3 * SECOND))
    found = house.ingest.finish(CALL, AT, expected_s=3.2)
    assert (found.status, found.seconds, found.channels) == (Status.FINAL, 3.0, 2)
    path = house.storage.path(found.file)
    assert found.bytes == path.stat().st_size
    assert found.sha256 == sha256(path.read_bytes()).hexdigest()
    with wave.open(str(path)) as sound:
        assert (sound.getnchannels(), sound.getnframes()) == (2, 24_000)
    peaks = json.loads(path.with_suffix("").with_suffix(".peaks.json").read_bytes())
    assert (peaks["seconds"], len(peaks["channels"])) == (3.0, 2)


def test_the_raw_file_stays_until_it_is_discarded(house):
    raw = house.raw(bytes(SECOND))
    house.ingest.finish(CALL, AT)
    assert raw.exists()
    house.ingest.discard_raw(CALL)
    house.ingest.discard_raw(CALL)
    assert not raw.exists()


def test_a_file_cut_within_a_sample_is_partial_and_plays(house):
    house.raw(bytes(SECOND + 3))
    found = house.ingest.finish(CALL, AT)
    assert (found.status, found.flaw, found.seconds) == (Status.PARTIAL, Flaw.ODD_SIZE, 1.0)


def test_a_file_shorter_than_its_call_is_partial(house):
    house.raw(bytes(10 * SECOND))
    assert house.ingest.finish(CALL, AT, expected_s=13.5).flaw is Flaw.SHORT
    assert house.ingest.finish(CALL, AT, expected_s=12.5).flaw is Flaw.NONE


@pytest.mark.parametrize("size", [0, 1, 3])
def test_a_file_without_a_sample_is_failed(house, size):
    house.raw(bytes(size))
    found = house.ingest.finish(CALL, AT)
    assert (found.status, found.flaw, found.file) == (Status.FAILED, Flaw.EMPTY, "")


def test_a_file_that_was_never_written_is_failed(house):
    assert house.ingest.finish(CALL, AT).flaw is Flaw.MISSING


def test_a_file_longer_than_a_wav_can_be_is_failed_not_wrapped(house):
    raw = house.raw(b"")
    os.truncate(raw, 4 * 1024**3)
    assert house.ingest.finish(CALL, AT).flaw is Flaw.TOO_LONG


def test_without_room_nothing_is_written_and_the_raw_file_stays(tmp_path):
    house = House(tmp_path, Room(RESERVE_BYTES + 100, 10**9))
    raw = house.raw(bytes(SECOND))
    with pytest.raises(NoSpace):
        house.ingest.finish(CALL, AT)
    assert raw.exists()
    assert not (tmp_path / "final").exists()


def test_done_twice_gives_the_same(house):
    house.raw(os.urandom(SECOND))
    first = house.ingest.finish(CALL, AT)
    assert house.ingest.finish(CALL, AT) == first


def test_asked_again_after_the_raw_file_is_gone_gives_the_same(house):
    house.raw(os.urandom(SECOND))
    first = house.ingest.finish(CALL, AT, expected_s=1)
    house.ingest.discard_raw(CALL)
    assert house.ingest.finish(CALL, AT, expected_s=1) == first


def test_asked_again_a_short_one_is_still_partial(house):
    house.raw(os.urandom(SECOND))
    first = house.ingest.finish(CALL, AT, expected_s=60)
    house.ingest.discard_raw(CALL)
    assert house.ingest.finish(CALL, AT, expected_s=60).flaw is first.flaw is Flaw.SHORT


class Crash(BaseException):
    """Not an Exception: nothing may catch it, as nothing catches a SIGKILL."""


@pytest.mark.parametrize("crash_at", range(1, 12))
def test_after_a_crash_at_any_step_the_same_call_is_ingested_whole(house, monkeypatch, crash_at):
    """Every call to the operating system that changes the disk counts as a step."""
    house.raw(os.urandom(SECOND))
    count = 0

    def counted(name: str):
        real = getattr(os, name)

        def step(*args, **kwargs):
            nonlocal count
            count += 1
            if count == crash_at:
                raise Crash
            return real(*args, **kwargs)

        monkeypatch.setattr(os, name, step)

    for name in ("mkdir", "fsync", "replace", "unlink"):
        counted(name)
    try:
        house.ingest.finish(CALL, AT)
        house.ingest.discard_raw(CALL)
    except Crash:
        pass
    monkeypatch.undo()
    found = house.ingest.finish(CALL, AT)
    house.ingest.discard_raw(CALL)
    assert (found.status, found.seconds) == (Status.FINAL, 1.0)
    folder = house.storage.path(found.file).parent
    assert sorted(path.name for path in folder.iterdir()) == [f"{CALL}.peaks.json", f"{CALL}.wav"]
    assert house.ingest.waiting() == []


def test_what_was_left_over_is_found_oldest_first_and_strange_files_are_not(house):
    os.utime(house.raw(b"1", OTHER), (1, 1))
    house.raw(b"2", CALL)
    (house.incoming / "x.raw").write_bytes(b"")
    (house.incoming / "notes.txt").write_bytes(b"")
    assert house.ingest.waiting() == [OTHER, CALL]


# ---- the desk ---------------------------------------------------------------------------------------------------------------


async def test_a_recording_is_finished_only_when_its_file_stands_still(house):
    raw = house.raw(bytes(SECOND))
    sleeps = 0

    async def sleep(_seconds: float) -> None:
        nonlocal sleeps
        sleeps += 1
        if sleeps <= 4:  # the writer goes on for a second
            with raw.open("ab") as file:
                file.write(bytes(SECOND // 4))

    found = await RecordingDesk(house.ingest, sleep).finish(CALL, AT)
    assert (found.seconds, sleeps) == (2.0, 6)


async def test_a_file_that_never_stands_still_is_finished_after_ten_seconds(house):
    raw = house.raw(bytes(SECOND))
    slept = 0.0

    async def sleep(seconds: float) -> None:
        nonlocal slept
        slept += seconds
        with raw.open("ab") as file:
            file.write(bytes(4))

    assert (await RecordingDesk(house.ingest, sleep).finish(CALL, AT)).status is Status.FINAL
    assert slept == 10


async def test_a_file_that_appears_late_is_waited_for(house):
    async def sleep(_seconds: float) -> None:
        house.raw(bytes(SECOND))

    assert (await RecordingDesk(house.ingest, sleep).finish(CALL, AT)).seconds == 1.0


async def test_left_over_files_are_told_and_discarded(house):
    house.raw(bytes(SECOND))
    desk = RecordingDesk(house.ingest)
    assert await desk.left_over() == [CALL]
    await desk.discard(CALL)
    assert await desk.left_over() == []


async def test_a_file_that_does_not_grow_during_a_call_is_noticed(house):
    house.raw(bytes(4))
    desk = RecordingDesk(house.ingest, lambda _: _nothing())
    assert await desk.watch(CALL, 1) is Growth.STILL
    desk = RecordingDesk(house.ingest, lambda _: _append(house))
    assert await desk.watch(CALL, 1) is Growth.GROWING


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        (None, None, Growth.MISSING),
        (5, None, Growth.MISSING),
        (None, 5, Growth.GROWING),
        (5, 6, Growth.GROWING),
        (5, 5, Growth.STILL),
        (6, 5, Growth.SHRUNK),
    ],
)
def test_growth_between_two_looks(before, after, found):
    assert growth(before, after) is found


async def _nothing() -> None:
    return None


async def _append(house: House) -> None:
    house.raw(bytes(8))
