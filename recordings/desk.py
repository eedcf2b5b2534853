"""Finishes recordings for the core, off its loop: waits until the writer is done, then ingests in a thread.

No event tells that MixMonitor closed its file (a hang-up sends none), so it counts as closed when its size stands still.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from enum import StrEnum

from recordings.ingest import Ingest, Ingested

SETTLED_S = 0.5  # unchanged for so long = closed
LOOK_S = 0.25
PATIENCE_S = 10.0  # whatever its state, the recording is final, partial or failed by then


class Growth(StrEnum):
    """What became of a file between two looks."""

    GROWING = "growing"
    STILL = "still"
    MISSING = "missing"
    SHRUNK = "shrunk"


def growth(before: int | None, after: int | None) -> Growth:
    """Sizes at two looks. During a call anything but growing is a hole: an alarm."""
    if after is None:
        return Growth.MISSING
    if before is None or after > before:
        return Growth.GROWING
    return Growth.STILL if after == before else Growth.SHRUNK


class RecordingDesk:
    """One finish at a time: two would only fight for the disk that calls are being written to."""

    def __init__(self, ingest: Ingest, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep) -> None:
        self._ingest, self._sleep = ingest, sleep
        self._one = asyncio.Lock()

    async def finish(self, call: str, started_at: datetime, expected_s: float | None = None) -> Ingested:
        """The call has ended. Call `discard` when the result is committed; before that, asking again gives the same."""
        await self._settled(call)
        async with self._one:
            return await asyncio.to_thread(self._ingest.finish, call, started_at, expected_s)

    async def discard(self, call: str) -> None:
        """The result is committed: the raw file may go."""
        await asyncio.to_thread(self._ingest.discard_raw, call)

    async def left_over(self) -> list[str]:
        """After a start: calls whose raw file is still there. Those that are over are to be finished."""
        return await asyncio.to_thread(self._ingest.waiting)

    async def watch(self, call: str, seconds: float) -> Growth:
        """During a call: does its file grow?"""
        before = self._ingest.raw_size(call)
        await self._sleep(seconds)
        return growth(before, self._ingest.raw_size(call))

    async def _settled(self, call: str) -> None:
        size, still, waited = self._ingest.raw_size(call), 0.0, 0.0
        while still < SETTLED_S and waited < PATIENCE_S:
            await self._sleep(LOOK_S)
            now = self._ingest.raw_size(call)
            still = still + LOOK_S if now == size else 0.0
            size, waited = now, waited + LOOK_S
