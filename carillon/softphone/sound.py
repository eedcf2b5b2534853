"""What our tools say: an endless tone, or a WAV file over and over, as µ-law frames."""

from __future__ import annotations

import array
import math
import sys
import wave
from pathlib import Path

from carillon.softphone import g711
from carillon.softphone.rtp import CLOCK_RATE

LOUDNESS = 8000  # of 32767
_SECONDS_KEPT = 600


class UnreadableSound(ValueError):
    """The file is no 16 bit PCM WAV."""


class Loop:
    """A sound without end; each call gives its next samples."""

    def __init__(self, pcm: bytes) -> None:
        self._ulaw = g711.encode(pcm) or g711.SILENCE
        self._at = 0

    def __call__(self, samples: int) -> bytes:
        taken = bytearray()
        while len(taken) < samples:
            piece = self._ulaw[self._at : self._at + samples - len(taken)]
            taken += piece
            self._at = (self._at + len(piece)) % len(self._ulaw)
        return bytes(taken)


def tone(frequency: int, seconds: float = 1.0, loudness: int = LOUDNESS) -> bytes:
    """A sine as 16 bit, 8 kHz, mono; one second of a whole number of Hz has no seam."""
    step = 2 * math.pi * frequency / CLOCK_RATE
    values = array.array("h", (round(loudness * math.sin(step * number)) for number in range(int(seconds * CLOCK_RATE))))
    return _little_endian(values)


def murmur() -> bytes:
    """What a caller says without a file: syllables of a low voice, so that a listener knows somebody is there."""
    spoken = b"".join(tone(frequency, 0.18) + bytes(1600) for frequency in (220, 294, 247, 330, 262, 196))
    return spoken + bytes(9600)


def read_wav(path: Path) -> bytes:
    """A WAV of any rate and number of channels as 16 bit, 8 kHz, mono (the first channel)."""
    try:
        with wave.open(str(path)) as file:
            if file.getsampwidth() != 2:
                raise UnreadableSound(f"{path}: only 16 bit PCM WAV files can be played")
            channels, rate = file.getnchannels(), file.getframerate()
            values = array.array("h", file.readframes(_SECONDS_KEPT * rate))
    except (wave.Error, EOFError) as reason:
        raise UnreadableSound(f"{path}: not a PCM WAV file ({reason})") from reason
    if sys.byteorder == "big":
        values.byteswap()
    return _little_endian(_resampled(values[::channels], rate))


def _resampled(values: array.array[int], rate: int) -> array.array[int]:
    """Means over the source's span of each target sample, or straight lines between samples when the rate is lower."""
    if rate == CLOCK_RATE or not values:
        return values
    step, count = rate / CLOCK_RATE, int(len(values) * CLOCK_RATE / rate)
    if step >= 2:
        spans = ((int(number * step), int((number + 1) * step)) for number in range(count))
        return array.array("h", (sum(values[first:last]) // max(1, last - first) for first, last in spans))
    return array.array("h", (_between(values, number * step) for number in range(count)))


def _between(values: array.array[int], position: float) -> int:
    first = int(position)
    following = values[min(first + 1, len(values) - 1)]
    return round(values[first] + (following - values[first]) * (position - first))


def _little_endian(values: array.array[int]) -> bytes:
    if sys.byteorder == "big":
        values.byteswap()
    return values.tobytes()


def agent_frequency(number: str) -> int:
    """An agent's own tone, from his number: 20 Hz apart, between 700 and 2680 Hz."""
    digits = "".join(filter(str.isdigit, number)) or "0"
    return 700 + int(digits) % 100 * 20
