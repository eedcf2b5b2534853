"""From what Asterisk wrote to a finished recording: `<call>.raw` → two-channel WAV and its peaks.

Each step is atomic and may be done again: after a crash anywhere the same call is simply ingested once more. The raw file is
removed last (`discard_raw`), when whoever asked has committed the result.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path

import structlog

from recordings.errors import NoSpace
from recordings.names import peaks_name, raw_name, wav_name
from recordings.peaks import CHANNELS, RATE
from recordings.room import Measure, room_at
from recordings.storage import RecordingStorage
from recordings.wav import FRAME_BYTES, HEAD_BYTES, write_wav

log = structlog.get_logger("recordings")
TAIL_S = 3.0  # a killed Asterisk leaves up to 2 s unwritten; more than that is a hole
MOST_BYTES = 4 * 1024**3 - 1024  # what a WAV head can say: 37 hours


class Status(StrEnum):
    """Of a recording, as in the catalogue."""

    RECORDING = "recording"
    FINAL = "final"
    PARTIAL = "partial"
    FAILED = "failed"


class Flaw(StrEnum):
    """Why a recording is not final, as a code."""

    NONE = ""
    MISSING = "missing"  # nothing was written
    EMPTY = "empty"
    ODD_SIZE = "odd_size"  # cut within a sample: the writer was killed or the disk was full
    SHORT = "short"  # seconds less than the call had
    TOO_LONG = "too_long"


@dataclass(frozen=True, slots=True)
class Ingested:
    """`file` is '' when there is none; `channels` customer and agent's side."""

    call: str
    status: Status
    flaw: Flaw
    file: str = ""
    seconds: float = 0.0
    channels: int = CHANNELS
    bytes: int = 0
    sha256: str = ""


class Ingest:
    """Blocking: run it in a thread. One call is ingested by one thread at a time."""

    def __init__(self, incoming: Path, storage: RecordingStorage, room: Measure = room_at) -> None:
        self._incoming, self._storage, self._room = incoming, storage, room

    def raw_size(self, call: str) -> int | None:
        """Bytes that Asterisk has written so far; None = nothing there."""
        try:
            return (self._incoming / raw_name(call)).stat().st_size
        except FileNotFoundError:
            return None

    def waiting(self) -> list[str]:
        """Calls whose raw file lies here, oldest first: after a start, what was left over."""
        found = [(path.stat().st_mtime_ns, path.stem) for path in self._incoming.glob("*.raw")]
        return [call for _, call in sorted(found) if _is_call(call)]

    def finish(self, call: str, started_at: datetime, expected_s: float | None = None) -> Ingested:
        """The writer is done. `expected_s`: how long it should be. Raises NoSpace (try later) and OSError."""
        name, size = wav_name(call, started_at), self.raw_size(call)
        if size is None:
            return self._finished_before(call, name, expected_s)
        frames = size // FRAME_BYTES
        if frames == 0 or size > MOST_BYTES:
            return Ingested(call, Status.FAILED, Flaw.TOO_LONG if frames else Flaw.EMPTY)
        if not self._room(self._incoming).holds(size + HEAD_BYTES):
            raise NoSpace(f"no room for a recording of {size} bytes")
        return self._write(call, name, frames, _flaw(size, expected_s))

    def discard_raw(self, call: str) -> None:
        """The result is committed. Gone already: succeeds."""
        (self._incoming / raw_name(call)).unlink(missing_ok=True)

    def _write(self, call: str, name: str, frames: int, flaw: Flaw) -> Ingested:
        with (self._incoming / raw_name(call)).open("rb") as raw, self._storage.create(name) as wav:
            written = write_wav(raw, frames, wav)
        with self._storage.create(peaks_name(name)) as peaks:
            peaks.write(written.peaks.to_json())
        seconds = round(frames / RATE, 3)
        status = Status.PARTIAL if flaw else Status.FINAL
        log.info("recording finished", action="recording_finished", call=call, flaw=flaw.value, seconds=seconds)
        return Ingested(call, status, flaw, name, seconds, CHANNELS, written.bytes, written.sha256)

    def _finished_before(self, call: str, name: str, expected_s: float | None) -> Ingested:
        """No raw file: it was finished before a crash, or never begun."""
        size = self._storage.size(name)
        if size is None:
            return Ingested(call, Status.FAILED, Flaw.MISSING)
        digest = hashlib.sha256()
        for block in self._storage.read(name, 0, size - 1):
            digest.update(block)
        flaw = _flaw(size - HEAD_BYTES, expected_s)
        seconds = round((size - HEAD_BYTES) / FRAME_BYTES / RATE, 3)
        status = Status.PARTIAL if flaw else Status.FINAL
        return Ingested(call, status, flaw, name, seconds, CHANNELS, size, digest.hexdigest())


def _flaw(size: int, expected_s: float | None) -> Flaw:
    if size % FRAME_BYTES:
        return Flaw.ODD_SIZE
    short = expected_s is not None and expected_s - size / FRAME_BYTES / RATE > TAIL_S
    return Flaw.SHORT if short else Flaw.NONE


def _is_call(stem: str) -> bool:
    try:
        raw_name(stem)
    except ValueError:
        log.warning("a file that is no recording lies among them", action="recording_stray")
        return False
    return True
