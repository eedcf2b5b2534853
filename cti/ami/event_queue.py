"""The bounded queue between a switch's reader and its one consumer.

Overflow policy: everything queued is dropped and the consumer is told SwitchDown('overflow') and SwitchUp, so that it takes
a snapshot. A reader that waited instead would be cut by Asterisk (manager.conf writetimeout), which loses more.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator

from cti.ports.clock import Clock
from cti.ports.telephony import SwitchDown, SwitchEvent, SwitchUp

DEFAULT_SIZE = 20_000  # about four seconds of the highest event rate a consumer was measured at


class EventQueue:
    """Events in the switch's order for one consumer."""

    def __init__(self, clock: Clock, size: int = DEFAULT_SIZE) -> None:
        self._clock = clock
        self._size = max(size, 2)
        self._events: deque[SwitchEvent] = deque()
        self._filled = asyncio.Event()
        self._waiting = False
        self.overflows = 0

    def __len__(self) -> int:
        return len(self._events)

    def put(self, event: SwitchEvent) -> None:
        """Never waits."""
        if len(self._events) >= self._size:
            self._overflow()
        self._events.append(event)
        if self._waiting:
            self._waiting = False
            self._filled.set()

    def _overflow(self) -> None:
        self.overflows += 1
        self._events.clear()
        at = self._clock.now()
        self._events.append(SwitchDown(at, "", "", why="overflow"))
        self._events.append(SwitchUp(at, "", "", restarted=False))

    def clear(self) -> None:
        """Drop what a lost connection left behind: a snapshot will tell better."""
        self._events.clear()

    async def stream(self) -> AsyncIterator[SwitchEvent]:
        """All events, for ever."""
        while True:
            while self._events:
                yield self._events.popleft()
            self._filled.clear()
            self._waiting = True
            await self._filled.wait()
