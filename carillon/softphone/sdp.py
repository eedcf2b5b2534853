"""Session descriptions of plain RTP (RFC 4566, RFC 3264): one audio line, µ-law and telephone events."""

from __future__ import annotations

import re
from dataclasses import dataclass

from carillon.softphone.dtmf import PAYLOAD_TYPE

_MIRROR = {"sendonly": "recvonly", "recvonly": "sendonly", "inactive": "inactive", "sendrecv": "sendrecv"}
_DIRECTION = re.compile(r"^a=(sendrecv|sendonly|recvonly|inactive)\s*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class RemoteAudio:
    """Where the peer wants its audio, and in which direction it flows."""

    host: str
    port: int
    direction: str
    event_type: int | None


def plain_audio(host: str, port: int, *, version: int = 1, direction: str = "sendrecv") -> str:
    """Our own description, as an offer or as an answer."""
    lines = [
        "v=0",
        f"o=- 1 {version} IN IP4 {host}",
        "s=-",
        f"c=IN IP4 {host}",
        "t=0 0",
        f"m=audio {port} RTP/AVP 0 {PAYLOAD_TYPE}",
        "a=rtpmap:0 PCMU/8000",
        f"a=rtpmap:{PAYLOAD_TYPE} telephone-event/8000",
        f"a=fmtp:{PAYLOAD_TYPE} 0-15",
        "a=ptime:20",
        f"a={direction}",
    ]
    return "\r\n".join(lines) + "\r\n"


def read_audio(sdp: str) -> RemoteAudio | None:
    """None when there is no audio line with a port."""
    media = re.search(r"^m=audio (\d+)", sdp, re.MULTILINE)
    host = re.search(r"^c=IN IP[46] (\S+)", sdp, re.MULTILINE)
    if media is None or host is None:
        return None
    event = re.search(r"^a=rtpmap:(\d+) telephone-event/8000", sdp, re.MULTILINE)
    return RemoteAudio(host[1], int(media[1]), direction_of(sdp), int(event[1]) if event else None)


def direction_of(sdp: str) -> str:
    """`sendrecv` unless it says otherwise (RFC 3264, section 5.1)."""
    match = _DIRECTION.search(sdp)
    return match[1] if match else "sendrecv"


def mirrored(direction: str) -> str:
    """What an answer says to an offer's direction."""
    return _MIRROR[direction]


def with_direction(sdp: str, direction: str, versions_on: int = 1) -> str:
    """The same description in another direction, `versions_on` versions later (RFC 3264, section 8)."""
    newer = re.sub(
        r"^(o=\S+ \S+ )(\d+)", lambda found: f"{found[1]}{int(found[2]) + versions_on}", sdp, count=1, flags=re.MULTILINE
    )
    changed, count = _DIRECTION.subn(f"a={direction}\r", newer)
    return changed if count else f"{newer}a={direction}\r\n"
