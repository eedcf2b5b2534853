"""Named deadlines on the loop's monotonic clock. Starting a name again replaces it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import structlog

log = structlog.get_logger("cti.timers")


class Timers:
    """One handle per name; a callback's fault is logged and ends nothing else."""

    def __init__(self) -> None:
        self._handles: dict[str, asyncio.TimerHandle] = {}

    def start(self, name: str, seconds: float, callback: Callable[[], None]) -> None:
        """Call back once after `seconds`."""
        self.cancel(name)
        self._handles[name] = asyncio.get_running_loop().call_later(seconds, self._fire, name, callback)

    def _fire(self, name: str, callback: Callable[[], None]) -> None:
        self._handles.pop(name, None)
        try:
            callback()
        except Exception:  # the loop's own supervisor: a deadline's fault must not end the core
            log.exception("timer failed", action="timer_failed", timer=name)

    def cancel(self, name: str) -> None:
        """Not running: succeeds."""
        handle = self._handles.pop(name, None)
        if handle is not None:
            handle.cancel()

    def running(self, name: str) -> bool:
        """Whether the name waits for its time."""
        return name in self._handles

    def close(self) -> None:
        """Cancel all."""
        for name in list(self._handles):
            self.cancel(name)
