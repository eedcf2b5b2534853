"""Which plays of recordings were audited a moment ago: a player asks for one recording in many ranges."""

from __future__ import annotations

from collections import OrderedDict

from cti.ports.clock import Clock

ONE_PLAY_S = 60.0
KEPT = 10_000


class Plays:
    """By log-in and call."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._at: OrderedDict[tuple[str, str], float] = OrderedDict()

    def first(self, session: str, call: str) -> bool:
        """True: a new play, to be audited."""
        now, key = self._clock.monotonic(), (session, call)
        before = self._at.get(key)
        if before is not None and now - before < ONE_PLAY_S:
            return False
        self._at[key] = now
        self._at.move_to_end(key)
        while len(self._at) > KEPT:
            self._at.popitem(last=False)
        return True

    def forget(self, session: str, call: str) -> None:
        """It could not be audited."""
        self._at.pop((session, call), None)
