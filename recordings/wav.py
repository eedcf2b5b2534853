"""Raw two-channel sound (MixMonitor's option D: left = customer, right = what he hears; 16 bit little-endian, 8 kHz) to WAV."""

from __future__ import annotations

import hashlib
import sys
import wave
from array import array
from dataclasses import dataclass
from typing import BinaryIO

from recordings.peaks import CHANNELS, RATE, PeakMeter, Peaks

SAMPLE_BYTES = 2
FRAME_BYTES = CHANNELS * SAMPLE_BYTES
BLOCK_FRAMES = 16_384
HEAD_BYTES = 44


@dataclass(frozen=True, slots=True)
class Written:
    """What became of the sound."""

    bytes: int
    sha256: str
    peaks: Peaks


class _Counted:
    """Counts and digests what passes to a file. Without `tell`, so that wave writes its head once and never seeks."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.digest = hashlib.sha256()
        self.bytes = 0

    def write(self, data: bytes) -> None:
        self.digest.update(data)
        self.bytes += len(data)
        self._file.write(data)

    def flush(self) -> None:
        self._file.flush()


def write_wav(raw: BinaryIO, frames: int, to: BinaryIO) -> Written:
    """Stream `frames` frames into a WAV file: memory does not grow with the call."""
    meter, counted = PeakMeter(frames), _Counted(to)
    steps, shrank = max(1, BLOCK_FRAMES // meter.step) * meter.step, False
    with wave.open(counted, "wb") as out:  # type: ignore[call-overload]  # it needs write and flush only
        out.setnchannels(CHANNELS)
        out.setsampwidth(SAMPLE_BYTES)
        out.setframerate(RATE)
        out.setnframes(frames)  # known beforehand: the head is right at once
        for start in range(0, frames, steps):
            wanted = min(steps, frames - start) * FRAME_BYTES
            block = raw.read(wanted)
            shrank |= len(block) != wanted
            block = block.ljust(wanted, b"\0")
            out.writeframesraw(block)
            meter.feed(_samples(block))
    if shrank:  # told after the file is closed: wave cannot close one that is shorter than its head says
        raise OSError("the raw recording became shorter while it was read")
    return Written(counted.bytes, counted.digest.hexdigest(), meter.peaks())


def _samples(block: bytes) -> array[int]:
    samples = array("h", block)
    if sys.byteorder == "big":  # pragma: no cover - no such machine here
        samples.byteswap()
    return samples
