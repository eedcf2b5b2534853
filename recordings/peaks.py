"""The waveform of a recording: the loudest sample per step and channel, 0…255, measured while the file is written."""

from __future__ import annotations

import json
from array import array
from dataclasses import dataclass

RATE = 8000
CHANNELS = 2
BUCKETS = 800  # more than a page draws in width
LOOKS = 500  # samples looked at per step and channel: a wave is drawn from them as well as from all, and ten times as fast


@dataclass(frozen=True, slots=True)
class Peaks:
    """As in docs/protocol.md. Channels: customer, agent's side."""

    seconds: float
    per_second: float
    channels: tuple[tuple[int, ...], ...]

    def to_json(self) -> bytes:
        """Made once, served as it is."""
        body = {"seconds": self.seconds, "per_second": self.per_second, "channels": self.channels}
        return json.dumps(body, separators=(",", ":")).encode()


class PeakMeter:
    """Fed with interleaved 16 bit samples, whole steps at a time (but for the last)."""

    def __init__(self, frames: int) -> None:
        self._frames = frames
        self.step = max(1, -(-frames // BUCKETS))
        self._stride = CHANNELS * max(1, self.step // LOOKS)
        self._channels: tuple[list[int], ...] = tuple([] for _ in range(CHANNELS))

    def feed(self, samples: array[int]) -> None:
        """The next samples."""
        width = self.step * CHANNELS
        for start in range(0, len(samples), width):
            for channel, peaks in enumerate(self._channels):
                part = samples[start + channel : start + width : self._stride]
                loudest, lowest = max(part), min(part)
                peaks.append(min(255, max(loudest, -lowest) >> 7))

    def peaks(self) -> Peaks:
        """Of all that was fed."""
        seconds = round(self._frames / RATE, 3)
        return Peaks(seconds, round(RATE / self.step, 3), tuple(tuple(peaks) for peaks in self._channels))
