"""Newline-framed messages on one stream, without a task in between: what is written leaves in this turn of the loop, and what
arrives is handled where it arrives. Nothing waits here but in the transport's own buffer, which is bounded."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import cast

from cti.bus.port import BEAT_S, SILENCE_S

log = logging.getLogger("cti.bus")

LINE_LIMIT = 64 * 1024 * 1024  # a snapshot of 1,000 agents and 500 calls is about 1 MB
WAITING_BYTES = 32 * 1024 * 1024


class Lines(asyncio.Protocol):
    """One end. `received` gets each line with its newline and returns False to end the link; `ended` is called once, at the end.

    Overflow policy: **cut**: the peer comes back for a snapshot, for a line left out in the middle would be a lie that nobody
    notices.
    """

    def __init__(self, received: Callable[[bytes], bool], ended: Callable[[], None]) -> None:
        self._received, self._ended = received, ended
        self._transport: asyncio.Transport | None = None
        self._parts: list[bytes] = []  # of a line whose end has not come
        self._size = 0
        self._stuck = False  # the peer takes nothing
        self._quiet = 0  # checks since the peer last spoke
        self._blocked = 0  # checks since it takes nothing

    # ---- the transport's calls --------------------------------------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)  # a stream's; uvloop's own class is no subclass

    def connection_lost(self, exc: Exception | None) -> None:
        self._transport = None
        self._ended()

    def pause_writing(self) -> None:
        self._stuck = True

    def resume_writing(self) -> None:
        self._stuck, self._blocked = False, 0

    def data_received(self, data: bytes) -> None:
        self._quiet = 0
        first, *more = data.split(b"\n")
        self._parts.append(first)
        self._size += len(first)
        if self._size > LINE_LIMIT:
            log.warning("the peer of the bus sent a line without an end", extra={"action": "bus_long_line"})
            self.cut()
        if not more:
            return
        whole = [b"".join(self._parts), *more[:-1]]
        self._parts, self._size = [more[-1]], len(more[-1])
        for line in whole:
            if self._transport is None or not self._received(line):
                self.cut()
                return

    # ---- ours -------------------------------------------------------------------------------------------------------

    def send(self, line: bytes) -> None:
        """Never blocks and never fails. One line alone is always let through: a snapshot may be larger than the limit."""
        if self._transport is None:
            return
        waiting = self._transport.get_write_buffer_size()
        if waiting and waiting + len(line) > WAITING_BYTES:
            log.warning("too much waits for the peer of the bus; the link is cut", extra={"action": "bus_overflow"})
            self.cut()
            return
        self._transport.write(line)

    def cut(self) -> None:
        """End it now; what waits is dropped."""
        transport, self._transport = self._transport, None
        if transport is not None:
            transport.abort()

    def check(self) -> None:
        """To be called every BEAT_S: a peer that says nothing, or takes nothing, for SILENCE_S is away.

        Counted in checks, not by the clock: when our loop or the whole machine stood still, the peer was not silent.
        """
        self._quiet += 1
        self._blocked += self._stuck
        if max(self._quiet, self._blocked) * BEAT_S > SILENCE_S:
            log.warning("the peer of the bus is silent or does not read; the link is cut", extra={"action": "bus_cut"})
            self.cut()
