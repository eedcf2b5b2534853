"""Wait for whichever comes first, leaving no task behind."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable


async def first(*awaitables: Awaitable[object], seconds: float | None = None) -> object | None:
    """The result of the first that is done; None after `seconds`. The others are no longer waited for; a future among them
    is left as it is."""
    tasks = [asyncio.ensure_future(each) for each in awaitables]
    try:
        done, _ = await asyncio.wait(tasks, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task, given in zip(tasks, awaitables, strict=True):
            if task is not given:
                task.cancel()
    return next(iter(done)).result() if done else None
