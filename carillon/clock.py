"""The clock adapter: the one place that asks the time (ruff bans it elsewhere)."""

from __future__ import annotations

import time
from datetime import UTC, datetime


class SystemClock:
    """The machine's clocks."""

    def now(self) -> datetime:
        """Aware UTC."""
        return datetime.now(UTC)  # noqa: TID251

    def monotonic(self) -> float:
        """Seconds; never goes back."""
        return time.monotonic()
