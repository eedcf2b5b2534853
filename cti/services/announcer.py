"""Tells waiting callers their place: sets CTI_SAY, the hold loop speaks it in the caller's language at its next pass."""

from __future__ import annotations

from functools import partial

from cti.calls.call_states import CallState
from cti.services.house import House
from cti.services.offers import Offers
from cti.services.state import Call

LAST_PROMPT = 20  # position-1 … position-20 exist


class Announcer:
    """First after a moment, then at an interval; nothing is said to a caller who is being offered."""

    def __init__(self, house: House, offers: Offers) -> None:
        self._house, self._offers = house, offers

    def begin(self, call: Call) -> None:
        """His music runs and he waits."""
        if call.state is CallState.WAITING and not self._house.timers.running(f"say:{call.id}"):
            self._house.timers.start(f"say:{call.id}", self._house.limits.announce_first, partial(self._say, call))

    def _say(self, call: Call) -> None:
        if call.state is not CallState.WAITING:
            return
        position = self._offers.acd.position(call.id)
        if call.holding and position is not None:
            text = str(min(position, LAST_PROMPT))
            self._house.act(call, lambda: self._house.telephony.set_variable(call.customer, "CTI_SAY", text))
        self._house.timers.start(f"say:{call.id}", self._house.limits.announce_every, partial(self._say, call))
