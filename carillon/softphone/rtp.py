"""RTP packets (RFC 3550, section 5.1): build and parse, no socket."""

from __future__ import annotations

import struct
from dataclasses import dataclass

_HEAD = struct.Struct("!BBHII")
PCMU = 0
CLOCK_RATE = 8000
FRAME_SAMPLES = 160  # 20 ms
FRAME_SECONDS = 0.02


@dataclass(frozen=True, slots=True)
class RtpPacket:
    """One packet; CSRC list and extension are skipped when reading and never written."""

    payload_type: int
    sequence: int
    timestamp: int
    ssrc: int
    payload: bytes
    marker: bool = False

    def __bytes__(self) -> bytes:
        kind = self.payload_type | (0x80 if self.marker else 0)
        return _HEAD.pack(0x80, kind, self.sequence & 0xFFFF, self.timestamp & 0xFFFFFFFF, self.ssrc) + self.payload


def parse(data: bytes) -> RtpPacket | None:
    """None for what is not RTP version 2 (STUN, stray datagrams)."""
    if len(data) < _HEAD.size or data[0] >> 6 != 2:
        return None
    first, second, sequence, timestamp, ssrc = _HEAD.unpack_from(data)
    start = _HEAD.size + 4 * (first & 15)
    if first & 0x10 and len(data) >= start + 4:
        start += 4 + 4 * int.from_bytes(data[start + 2 : start + 4], "big")
    end = len(data) - (data[-1] if first & 0x20 else 0)
    return RtpPacket(second & 0x7F, sequence, timestamp, ssrc, data[start:end], bool(second & 0x80))
