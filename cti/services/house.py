"""What every service works with: one core's state, its journal, its lanes and its ports. Made once in the composition root."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, tzinfo

from cti.ports.accounts import SoftphoneAccounts
from cti.ports.clock import Clock
from cti.ports.consoles import Consoles
from cti.ports.owners import OwnerLookup
from cti.ports.telephony import Telephony
from cti.services.effects import Effect, Effects
from cti.services.limits import Limits
from cti.services.recorder import Recorder
from cti.services.state import Call, Floor
from cti.services.timers import Timers

JOINS_WITHIN = 1.0  # seconds from Dial's ANSWER to both in their bridge; some milliseconds on an idle machine


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueSettings:
    """One queue as configured."""

    id: str
    name_zh: str
    name_en: str
    skills: frozenset[str]
    priority: int = 0
    target_s: float = 20.0
    short_abandon_s: float = 5.0
    record: bool = True
    team: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """The core's parts. `epoch` marks this run of the core; ids made by `new_id` are unique for ever."""

    switch: str
    epoch: str
    region: str
    floor: Floor
    recorder: Recorder
    effects: Effects
    timers: Timers
    telephony: Telephony
    accounts: SoftphoneAccounts
    consoles: Consoles
    owners: OwnerLookup
    clock: Clock
    limits: Limits
    queues: dict[str, QueueSettings]
    default_queue: str
    new_id: Callable[[], str]
    new_secret: Callable[[], str]
    zone: tzinfo = UTC  # where the centre stands: its day is the board's
    dial_prefixes: tuple[str, ...] = ("+",)  # of E.164: toll fraud by a stolen log-in ends at them
    region_of: Callable[[str], str] = lambda _dnis: ""  # of a number that was dialled; '' is the trunk's own

    def caller_region(self, dnis: str) -> str:
        """The region in which a caller's number without a country code is read."""
        return self.region_of(dnis) or self.region

    async def joined(self, call: Call) -> None:
        """Between Dial's ANSWER and the bridge a Redirect of both legs ends the agent's ("Secondary redirect failed"): wait it
        out. Not for ever: the call may be over."""
        joining = call.joining
        if joining is not None:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(JOINS_WITHIN):
                    await joining.done.wait()
            if call.joining is joining:  # its event was lost with the connection: waited for once, not before each move
                call.joining = None

    def doubt(self) -> None:
        """The switch refused to move a call: nobody knows where its legs are now, so the core compares soon."""
        self.floor.doubted = self.clock.monotonic()

    def act(self, call: Call, effect: Effect, refused: Callable[[Exception], None] | None = None) -> None:
        """Do something for a call on the switch, in order, after its facts are committed."""
        self.effects.later(f"call:{call.id}", effect, refused)
