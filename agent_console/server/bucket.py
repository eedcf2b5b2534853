"""A token bucket: so many at once, so many a second for long."""

from __future__ import annotations

from cti.ports.clock import Clock


class Bucket:
    """Full at first."""

    def __init__(self, clock: Clock, burst: int, per_second: float) -> None:
        self._clock, self._burst, self._per_second = clock, burst, per_second
        self._left, self._at = float(burst), clock.monotonic()

    def take(self) -> bool:
        """False: too many, and nothing is taken."""
        now = self._clock.monotonic()
        self._left = min(self._burst, self._left + (now - self._at) * self._per_second)
        self._at = now
        if self._left < 1:
            return False
        self._left -= 1
        return True
