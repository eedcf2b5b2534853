"""Wait for a condition on something that says when it changed: no polling, no sleeps."""

from __future__ import annotations

import asyncio
from collections.abc import Callable


class Changes:
    """The owner calls `tell()` after each change; others wait until a condition holds."""

    def __init__(self) -> None:
        self._waiters: set[asyncio.Future[None]] = set()

    def tell(self) -> None:
        for waiter in self._waiters:
            if not waiter.done():
                waiter.set_result(None)
        self._waiters.clear()

    async def until(self, condition: Callable[[], bool], timeout: float | None = 10.0) -> None:
        """Raise TimeoutError when the condition does not come true in time."""
        async with asyncio.timeout(timeout):
            while not condition():
                waiter = asyncio.get_running_loop().create_future()
                self._waiters.add(waiter)
                try:
                    await waiter
                finally:
                    self._waiters.discard(waiter)
