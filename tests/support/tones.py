"""Which tones are in a piece of sound (Goertzel's algorithm), in pure Python."""

from __future__ import annotations

import math
from collections.abc import Sequence

from carillon.softphone import g711
from carillon.softphone.rtp import CLOCK_RATE

SILENT_RMS = 90  # linear; opus and comfort noise stay below
_SHARE_OF_LOUDEST = 0.05
_SHARE_OF_ALL = 0.15  # of the frame's energy: neither music nor speech is often taken for a tone, three at once are heard


def power(samples: Sequence[int], frequency: float, rate: int = CLOCK_RATE) -> float:
    """Goertzel power of one frequency, as a share of the energy of all (1.0 = a pure tone)."""
    energy = sum(value * value for value in samples)
    if not energy:
        return 0.0
    twice = 2 * math.cos(2 * math.pi * frequency / rate)
    before = last = 0.0
    for value in samples:
        before, last = last, value + twice * last - before
    return (last * last + before * before - twice * last * before) * 2 / (len(samples) * energy)


def rms(samples: Sequence[int]) -> float:
    """Loudness."""
    return math.sqrt(sum(value * value for value in samples) / len(samples)) if samples else 0.0


def tones_in(samples: Sequence[int], candidates: Sequence[int], rate: int = CLOCK_RATE) -> frozenset[int]:
    """Those of the candidates that are heard; 20 ms of samples tell tones apart that lie 100 Hz or more from each other."""
    if rms(samples) < SILENT_RMS:
        return frozenset()
    shares = {frequency: power(samples, frequency, rate) for frequency in candidates}
    loudest = max(shares.values(), default=0.0)
    return frozenset(one for one, share in shares.items() if share > _SHARE_OF_ALL and share > _SHARE_OF_LOUDEST * loudest)


def tones_in_ulaw(ulaw: bytes, candidates: Sequence[int]) -> frozenset[int]:
    """The same for a frame as it came over RTP."""
    return tones_in(g711.samples(ulaw), candidates)
