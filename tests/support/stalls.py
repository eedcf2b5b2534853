"""How long the machine stood still while a test measured the product: a virtual processor that is given to others stops both."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Iterator

import pytest

STEP = 0.02  # seconds a turn sleeps
USUAL = 0.05  # what a turn may take too long by the ordinary work of others


class Stalls:
    """Seconds that turns of a thread of its own took beyond what is usual. Inside the product's limits they are not its doing."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True, name="stalls")

    def _watch(self) -> None:
        while not self._over.is_set():
            began = time.monotonic()
            time.sleep(STEP)
            late = time.monotonic() - began - STEP
            if late > USUAL:
                self.seconds += late

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._over.set()
        self._thread.join()


@contextlib.contextmanager
def stalls() -> Iterator[Stalls]:
    """Counted inside the block."""
    counted = Stalls()
    counted.start()
    try:
        yield counted
    finally:
        counted.stop()


@pytest.fixture
def stalled() -> Iterator[Stalls]:
    """Counted for as long as the test runs."""
    with stalls() as counted:
        yield counted
