"""`Range` of RFC 9110, section 14: exactly one range of bytes. Many ranges in one header are refused unread (CVE-2025-62727)."""

from __future__ import annotations

import re
from dataclasses import dataclass

MOST_CHARACTERS = 64
_ONE = re.compile(r"bytes=([0-9]{0,18})-([0-9]{0,18})")


class Unsatisfiable(ValueError):
    """Answer 416 with `Content-Range: bytes */size`."""


@dataclass(frozen=True, slots=True)
class ByteRange:
    """First and last byte, both included."""

    first: int
    last: int

    @property
    def length(self) -> int:
        """How many bytes."""
        return self.last - self.first + 1

    def content_range(self, size: int) -> str:
        """The header of a 206."""
        return f"bytes {self.first}-{self.last}/{size}"


def parse_range(header: str | None, size: int) -> ByteRange | None:
    """None: no range asked for (or of a unit we do not know), answer 200 with all. Raises Unsatisfiable."""
    if header is None or not header.lstrip().startswith("bytes"):
        return None
    asked = _ONE.fullmatch(header.strip()) if len(header) <= MOST_CHARACTERS else None
    if asked is None or asked.groups() == ("", ""):
        raise Unsatisfiable("give one range, as bytes=0-1023")
    first, last = asked.groups()
    found = _suffix(int(last), size) if first == "" else _from(int(first), last, size)
    if found.length <= 0 or found.first >= size:
        raise Unsatisfiable(f"the recording has {size} bytes")
    return found


def _suffix(length: int, size: int) -> ByteRange:
    return ByteRange(max(0, size - length), size - 1)


def _from(first: int, last: str, size: int) -> ByteRange:
    return ByteRange(first, min(int(last), size - 1) if last else size - 1)
