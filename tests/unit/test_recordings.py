"""Names, places, policy, room and waveform of recordings."""

from __future__ import annotations

import io
import json
import math
import os
import wave
from array import array
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recordings.errors import InvalidName, NoSuchRecording
from recordings.names import checked_name, peaks_name, raw_name, wav_name
from recordings.peaks import BUCKETS, PeakMeter
from recordings.policy import Direction, RecordingPolicy, Why, may_dial, verdict
from recordings.room import LOW_BYTES, RESERVE_BYTES, Room, room_at
from recordings.storage import BLOCK, LocalStorage
from recordings.wav import write_wav

CALL = "0f3c2a10-1111-4222-8333-444455556666"
AT = datetime(2026, 3, 2, 23, 30, tzinfo=UTC)
_ROOT = Path("/var/lib/recordings-of-a-test")
NAME = f"2026/03/02/{CALL}.wav"
HOSTILE = [
    "",
    ".",
    "..",
    "/etc/passwd",
    "../../etc/passwd",
    f"../{CALL}",
    f"{CALL}/../../x",
    f"{CALL}\x00",
    f"{CALL}\n",
    f"{CALL};rm -rf x",
    "$(reboot)",
    "`id`",
    f"{CALL}.wav",
    CALL.upper(),
    CALL.replace("-", ""),
    "０" + CALL[1:],
    "a" * 5000,
    "\ud800",
]


# ---- names ------------------------------------------------------------------------------------------------------------------


def test_a_recording_is_named_by_its_call_and_the_utc_day():
    assert wav_name(CALL, AT) == NAME
    assert wav_name(CALL, datetime(2026, 3, 3, 7, 30, tzinfo=timezone(timedelta(hours=8)))) == NAME
    assert peaks_name(NAME) == f"2026/03/02/{CALL}.peaks.json"
    assert raw_name(CALL) == f"{CALL}.raw"


@pytest.mark.parametrize("hostile", HOSTILE)
def test_what_is_no_call_id_names_nothing(hostile):
    with pytest.raises(InvalidName):
        raw_name(hostile)
    with pytest.raises(InvalidName):
        wav_name(hostile, AT)


@pytest.mark.parametrize("hostile", [*HOSTILE, f"2026/03/02/../{CALL}.wav", f"2026/03/02/{CALL}.sh", NAME + "\n", "/" + NAME])
def test_a_name_we_did_not_make_is_refused_by_every_door(hostile, tmp_path):
    storage = LocalStorage(tmp_path)
    for door in (storage.path, storage.size, storage.delete, checked_name):
        with pytest.raises(InvalidName):
            door(hostile)
    with pytest.raises(InvalidName), storage.create(hostile):
        pass
    with pytest.raises(InvalidName):
        next(storage.read(hostile, 0, 1))


@given(st.text(max_size=60))
def test_no_text_leads_out_of_the_root(text):
    storage = LocalStorage(_ROOT)
    try:
        path = storage.path(text)
    except InvalidName:
        return
    assert path.is_relative_to(_ROOT)


def test_a_link_that_leads_out_of_the_root_is_refused(tmp_path):
    (tmp_path / "outside").mkdir()
    (tmp_path / "root").mkdir()
    (tmp_path / "root" / "2026").symlink_to(tmp_path / "outside")
    with pytest.raises(InvalidName):
        LocalStorage(tmp_path / "root").path(NAME)


# ---- storage ----------------------------------------------------------------------------------------------------------------


@pytest.fixture
def storage(tmp_path):
    return LocalStorage(tmp_path / "final")


def put(storage: LocalStorage, data: bytes) -> None:
    with storage.create(NAME) as file:
        file.write(data)


def test_what_was_written_is_read_in_blocks(storage):
    data = os.urandom(3 * BLOCK + 17)
    put(storage, data)
    blocks = list(storage.read(NAME, 5, len(data) - 6))
    assert b"".join(blocks) == data[5:-5]
    assert max(map(len, blocks)) <= BLOCK


def test_reading_past_the_end_stops_there(storage):
    put(storage, b"abc")
    assert b"".join(storage.read(NAME, 1, 99)) == b"bc"


def test_a_file_appears_whole_or_not_at_all(storage):
    def failing():
        with storage.create(NAME) as file:
            file.write(b"half")
            raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        failing()
    assert storage.size(NAME) is None
    assert list(storage.path(NAME).parent.iterdir()) == []


def test_a_failed_second_write_leaves_the_first(storage):
    put(storage, b"first")
    with pytest.raises(RuntimeError), storage.create(NAME):
        raise RuntimeError
    assert b"".join(storage.read(NAME, 0, 99)) == b"first"


def test_a_draft_left_by_a_crash_is_written_over(storage):
    put(storage, b"x")
    draft = storage.path(NAME).with_name(f".{CALL}.wav.part")
    draft.write_bytes(b"left over, and longer")
    put(storage, b"new")
    assert storage.size(NAME) == 3
    assert not draft.exists()


def test_recordings_are_readable_by_their_account_only(storage):
    put(storage, b"x")
    assert storage.path(NAME).stat().st_mode & 0o777 == 0o600


def test_deleting_twice_succeeds(storage):
    put(storage, b"x")
    storage.delete(NAME)
    storage.delete(NAME)
    assert storage.size(NAME) is None


def test_reading_what_is_not_there_says_so(storage):
    with pytest.raises(NoSuchRecording):
        next(storage.read(NAME, 0, 1))


# ---- policy and room --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("policy", "direction", "heard", "record", "why"),
    [
        (RecordingPolicy(), Direction.IN, False, True, Why.POLICY_ON),
        (RecordingPolicy(), Direction.OUT, False, True, Why.POLICY_ON),
        (RecordingPolicy(inbound=False), Direction.IN, True, False, Why.POLICY_OFF),
        (RecordingPolicy(inbound=False), Direction.OUT, True, True, Why.POLICY_ON),
        (RecordingPolicy(outbound=False), Direction.OUT, True, False, Why.POLICY_OFF),
        (RecordingPolicy(notice=True), Direction.IN, False, False, Why.NO_NOTICE),
        (RecordingPolicy(notice=True), Direction.IN, True, True, Why.POLICY_ON),
    ],
)
def test_the_queues_policy_decides_what_is_recorded(policy, direction, heard, record, why):
    found = verdict(policy, direction, notice_heard=heard)
    assert (found.record, found.why) == (record, why)


@pytest.mark.parametrize(
    ("policy", "low", "record", "why"),
    [
        (RecordingPolicy(), False, True, Why.POLICY_ON),
        (RecordingPolicy(), True, False, Why.DISK_LOW),
        (RecordingPolicy(outbound=False), True, True, Why.POLICY_OFF),
    ],
)
def test_no_call_that_must_be_recorded_is_dialled_when_the_disk_is_nearly_full(policy, low, record, why):
    found = may_dial(policy, disk_low=low)
    assert (found.record, found.why) == (record, why)


@pytest.mark.parametrize(
    ("free", "total", "low"),
    [(LOW_BYTES, LOW_BYTES * 20, False), (LOW_BYTES - 1, LOW_BYTES * 20, True), (99, 1000, True), (100, 1000, False)],
)
def test_the_disk_is_low_below_a_tenth_and_below_five_gibibytes(free, total, low):
    assert Room(free, total).low is low


def test_a_reserve_is_left_on_the_disk(tmp_path):
    assert Room(RESERVE_BYTES + 10, 1).holds(10)
    assert not Room(RESERVE_BYTES + 10, 1).holds(11)
    assert room_at(tmp_path).total > 0


# ---- sound ------------------------------------------------------------------------------------------------------------------


def stereo(seconds: float, left: int, right: int) -> bytes:
    frames = int(seconds * 8000)
    samples = array("h")
    for n in range(frames):
        turn = math.sin(n * 2 * math.pi * 440 / 8000)
        samples.extend((int(left * turn), int(right * turn)))
    return samples.tobytes()


def written(raw: bytes) -> tuple[bytes, dict]:
    out = io.BytesIO()
    found = write_wav(io.BytesIO(raw), len(raw) // 4, out)
    assert found.bytes == len(out.getvalue())
    return out.getvalue(), json.loads(found.peaks.to_json())


def test_the_wav_has_two_channels_at_eight_kilohertz_with_the_same_samples():
    raw = stereo(2.5, 20000, 1000)
    data, _ = written(raw)
    with wave.open(io.BytesIO(data)) as sound:
        assert (sound.getnchannels(), sound.getframerate(), sound.getsampwidth(), sound.getnframes()) == (2, 8000, 2, 20000)
        assert sound.readframes(20000) == raw


def test_peaks_tell_the_customers_side_from_the_agents():
    _, peaks = written(stereo(4, 32767, 3200))
    assert peaks["seconds"] == 4
    assert peaks["per_second"] == 200
    left, right = peaks["channels"]
    assert len(left) == len(right) == BUCKETS
    assert min(left) > 220
    assert 10 < max(right) <= 25


def test_a_pause_is_seen_in_the_waveform():
    _, peaks = written(stereo(1, 20000, 20000) + bytes(32000) + stereo(1, 20000, 20000))
    per_second = round(peaks["per_second"])
    assert max(peaks["channels"][0][per_second + 2 : 2 * per_second - 2]) == 0


def test_the_loudest_negative_sample_is_255():
    meter = PeakMeter(1)
    meter.feed(array("h", [-32768, 5]))
    assert meter.peaks().channels == ((255,), (0,))


@given(st.integers(1, 5000))
def test_a_waveform_never_has_more_steps_than_a_page_draws(frames):
    raw = bytes(frames * 4)
    _, peaks = written(raw)
    assert 1 <= len(peaks["channels"][0]) <= BUCKETS
    assert len(peaks["channels"][0]) == len(peaks["channels"][1])
    assert abs(len(peaks["channels"][0]) - frames / 8000 * peaks["per_second"]) <= 1


def test_a_raw_file_that_shrinks_while_it_is_read_is_no_recording():
    with pytest.raises(OSError, match="shorter"):
        write_wav(io.BytesIO(bytes(400)), 200, io.BytesIO())


def test_memory_does_not_grow_with_the_call():
    class Endless(io.RawIOBase):
        most = 0

        def read(self, size=-1):
            self.most = max(self.most, size)
            return bytes(size)

    class Nowhere(io.RawIOBase):
        def write(self, data):
            return len(data)

    source = Endless()
    write_wav(source, 8000 * 3600, Nowhere())
    assert source.most <= 256 * 1024
