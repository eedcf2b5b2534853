"""G.711 µ-law as two tables (ITU-T G.711; Python 3.13 has no audioop any more)."""

from __future__ import annotations

import array
import sys

_BIAS = 132
_CLIP = 32635
SILENCE = b"\xff"


def _encode(sample: int) -> int:
    sign, magnitude = (0x80, -sample) if sample < 0 else (0, sample)
    magnitude = min(magnitude, _CLIP) + _BIAS
    exponent = magnitude.bit_length() - 8
    return ~(sign | exponent << 4 | (magnitude >> (exponent + 3)) & 15) & 0xFF


def _decode(code: int) -> int:
    code = ~code & 0xFF
    magnitude = (((code & 15) << 3) + _BIAS << (code >> 4 & 7)) - _BIAS
    return -magnitude if code & 0x80 else magnitude


_TO_ULAW = bytes(_encode(value if value < 32768 else value - 65536) for value in range(65536))
_TO_LINEAR = tuple(_decode(code) for code in range(256))


def encode(pcm: bytes) -> bytes:
    """16 bit little-endian samples to µ-law."""
    samples = array.array("H", pcm)
    if sys.byteorder == "big":
        samples.byteswap()
    return bytes(_TO_ULAW[value] for value in samples)


def samples(ulaw: bytes) -> list[int]:
    """µ-law to linear samples."""
    return [_TO_LINEAR[code] for code in ulaw]


def decode(ulaw: bytes) -> bytes:
    """µ-law to 16 bit little-endian samples."""
    linear = array.array("h", samples(ulaw))
    if sys.byteorder == "big":
        linear.byteswap()
    return linear.tobytes()
