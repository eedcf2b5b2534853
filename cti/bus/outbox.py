"""A bounded queue of outgoing lines. Overflow policy: **cut**: the link is ended and its peer comes back for a snapshot, for a
line left out in the middle would be a lie that nobody notices."""

from __future__ import annotations

import asyncio
from collections import deque

MAX_LINES = 10_000
MAX_BYTES = 32 * 1024 * 1024


class Outbox:
    """Lines wait here for the writer; `put` never blocks and never fails, `overflown` tells the writer to give up."""

    def __init__(self, max_lines: int = MAX_LINES, max_bytes: int = MAX_BYTES) -> None:
        self._lines: deque[bytes] = deque()
        self._size = 0
        self._max_lines, self._max_bytes = max_lines, max_bytes
        self._wake = asyncio.Event()
        self.overflown = False
        self.ended = False

    def put(self, line: bytes) -> None:
        """Queue a line; one too many marks the outbox as overflown and forgets everything."""
        if self.overflown or self.ended:
            return
        self._lines.append(line)
        self._size += len(line)
        # One line alone is always let through: a snapshot may be larger than the limit.
        if len(self._lines) > 1 and (len(self._lines) > self._max_lines or self._size > self._max_bytes):
            self.overflown = True
            self._lines.clear()
        self._wake.set()

    def end(self) -> None:
        """No more lines: `take` returns b'' after the waiting ones."""
        self.ended = True
        self._wake.set()

    async def take(self, at_most: int = 256 * 1024) -> list[bytes]:
        """What waits, in order, up to about `at_most` bytes; [] when overflown or ended."""
        while not self._lines and not self.overflown and not self.ended:
            self._wake.clear()
            await self._wake.wait()
        taken: list[bytes] = []
        size = 0
        while self._lines and size < at_most:
            taken.append(self._lines.popleft())
            size += len(taken[-1])
        self._size -= size
        return taken
