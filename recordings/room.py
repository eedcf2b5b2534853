"""Room on the disk of recordings."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

LOW_SHARE = 0.10
LOW_BYTES = 5 * 1024**3
RESERVE_BYTES = 16 * 1024**2  # left for the journal and logs that share the disk


@dataclass(frozen=True, slots=True)
class Room:
    """Free and total bytes."""

    free: int
    total: int

    @property
    def low(self) -> bool:
        """Below a tenth and below 5 GiB: alarm, and no new outbound calls that must be recorded.

        Of a big disk a tenth is room for weeks, so 5 GiB (45 hours of calls) is enough; of a small one it would be all there is.
        """
        return self.free < min(LOW_BYTES, LOW_SHARE * self.total)

    def holds(self, size: int) -> bool:
        """Whether `size` more bytes leave the reserve untouched."""
        return self.free - size >= RESERVE_BYTES


Measure = Callable[[Path], Room]


def room_at(folder: Path) -> Room:
    """Of the disk that a folder lies on."""
    usage = shutil.disk_usage(folder)
    return Room(usage.free, usage.total)
