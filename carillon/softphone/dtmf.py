"""Digits as telephone events (RFC 4733, section 2)."""

from __future__ import annotations

import struct
from dataclasses import dataclass

from carillon.softphone.rtp import FRAME_SAMPLES

DIGITS = "0123456789*#ABCD"
PAYLOAD_TYPE = 101
_VOLUME = 10  # dBm0 below full scale
_END_PACKETS = 3  # the end is sent three times, for loss (section 2.5.1.4)


class NotADigit(ValueError):
    """A character that no telephone has."""


@dataclass(frozen=True, slots=True)
class EventPacket:
    """One payload of an event; all packets of an event carry the time stamp of its start."""

    payload: bytes
    first: bool
    last: bool


def event_packets(digit: str, ms: int = 100) -> list[EventPacket]:
    """The packets of one key press, one every 20 ms."""
    event = DIGITS.find(digit.upper()) if len(digit) == 1 else -1
    if event < 0:
        raise NotADigit(f"{digit!r} is not a DTMF digit: use one of {DIGITS}")
    steps = max(1, ms // 20)
    durations = [*range(FRAME_SAMPLES, steps * FRAME_SAMPLES + 1, FRAME_SAMPLES)] + [steps * FRAME_SAMPLES] * _END_PACKETS
    return [
        EventPacket(
            struct.pack("!BBH", event, _VOLUME | (0x80 if number >= steps else 0), duration),
            number == 0,
            number + 1 == len(durations),
        )
        for number, duration in enumerate(durations)
    ]


def read_event(payload: bytes) -> tuple[str, bool, int] | None:
    """(digit, end bit, duration in samples), or None when it is no event we know."""
    if len(payload) < 4 or payload[0] >= len(DIGITS):
        return None
    return DIGITS[payload[0]], bool(payload[1] & 0x80), int.from_bytes(payload[2:4], "big")
