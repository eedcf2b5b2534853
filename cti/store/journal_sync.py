"""The journal's WAL onto the disk, by a thread of its own: no call waits for the disk (ADR 0002)."""

from __future__ import annotations

import os
import threading
from pathlib import Path
from time import sleep

SYNC_SECONDS = 0.05


class WalSync:
    """Syncs when told of a write, at most every SYNC_SECONDS. `failed`: what the disk says; '' when all is well."""

    def __init__(self, database: Path) -> None:
        self._wal = f"{database}-wal"
        self._written = threading.Event()
        self._ended = False
        self._thread: threading.Thread | None = None
        self.failed = ""

    def start(self) -> None:
        """Begin."""
        self._ended = False
        self._thread = threading.Thread(target=self._run, name="journal-sync", daemon=True)
        self._thread.start()

    def written(self) -> None:
        """Something was committed."""
        self._written.set()

    def end(self) -> None:
        """Nothing is written any more; `join` waits for the thread."""
        self._ended = True
        self._written.set()

    def join(self) -> None:
        """Until it has ended; a disk that hangs must not hold the stop for ever."""
        if self._thread is not None:
            self._thread.join(timeout=10)
            self._thread = None

    def _run(self) -> None:
        while not self._ended:
            self._written.wait()
            self._written.clear()
            self._sync()
            sleep(SYNC_SECONDS)

    def _sync(self) -> None:
        """fdatasync(2), as a FULL commit does it; of the file as it is now, for a checkpoint may begin a new one."""
        try:
            file = os.open(self._wal, os.O_RDONLY)
            try:
                os.fdatasync(file)
            finally:
                os.close(file)
            self.failed = ""
        except FileNotFoundError:
            self.failed = ""  # checkpointed and closed: all of it is in the database file
        except OSError as error:
            self.failed = f"{self._wal}: {error.strerror}"
