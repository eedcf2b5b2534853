"""Guessing passwords: at most so many failures per account and address within the window, and per address over all accounts.

No stranger can lock an account out: its owner comes from another address. Counted before the hash is computed, so that a
parallel burst gains nothing. In memory of this process; the oldest keys go first when there are too many.

What is refused is cheap: a burst of it must not become a burst of audit lines, each a write to the disk.
"""

from __future__ import annotations

import math
from collections import OrderedDict, deque

from cti.ports.clock import Clock

WINDOW_S = 900.0
PER_ACCOUNT = 10
PER_ADDRESS = 100
KEYS_AT_MOST = 50_000


class Guessing:
    """`enter` before a password is checked, `succeeded` when it was right."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._failures: OrderedDict[str, deque[float]] = OrderedDict()
        self._told: OrderedDict[str, float] = OrderedDict()

    def enter(self, login: str, address: str) -> int:
        """0: go on, and it counts as a failure until `succeeded`. Else the seconds to wait."""
        now = self._clock.monotonic()
        for key, limit in self._keys(login, address):
            times = self._recent(key, now)
            if len(times) >= limit:
                return max(1, math.ceil(times[0] + WINDOW_S - now))
        for key, _limit in self._keys(login, address):
            self._recent(key, now).append(now)
        return 0

    def newly_refused(self, login: str, address: str) -> bool:
        """After `enter` refused: True once in each window for what is full, the account from this address or the address."""
        now = self._clock.monotonic()
        full = next((key for key, limit in self._keys(login, address) if len(self._recent(key, now)) >= limit), None)
        if full is None or now - self._told.get(full, -math.inf) < WINDOW_S:
            return False
        self._told[full] = now
        self._told.move_to_end(full)
        while len(self._told) > KEYS_AT_MOST:
            self._told.popitem(last=False)
        return True

    def succeeded(self, login: str, address: str) -> None:
        """Forget this account's failures from this address, and this attempt of the address."""
        self._failures.pop(f"{login}\n{address}", None)
        of_address = self._failures.get(address)
        if of_address:
            of_address.pop()

    def _keys(self, login: str, address: str) -> tuple[tuple[str, int], ...]:
        return ((f"{login}\n{address}", PER_ACCOUNT), (address, PER_ADDRESS))

    def _recent(self, key: str, now: float) -> deque[float]:
        times = self._failures.setdefault(key, deque())
        self._failures.move_to_end(key)
        while times and times[0] <= now - WINDOW_S:
            times.popleft()
        while len(self._failures) > KEYS_AT_MOST:
            self._failures.popitem(last=False)
        return times
