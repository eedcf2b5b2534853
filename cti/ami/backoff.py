"""How long to wait before the next connection attempt."""

from __future__ import annotations

import random


class Backoff:
    """0.2 s doubling to 5 s, each with up to a fifth less, so that several clients do not come back in step."""

    def __init__(self, rng: random.Random, first: float = 0.2, most: float = 5.0) -> None:
        self._rng, self._first, self._most = rng, first, most
        self._next = first

    def wait(self) -> float:
        """Seconds before this attempt."""
        seconds, self._next = self._next, min(self._next * 2, self._most)
        return seconds * self._rng.uniform(0.8, 1.0)

    def reset(self) -> None:
        """The connection held: the next loss is a new one."""
        self._next = self._first
