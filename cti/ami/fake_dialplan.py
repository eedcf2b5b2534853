"""The contexts of asterisk-config/extensions.conf, as far as the core sees them (docs/protocol.md, section 1)."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Callable, Mapping
from functools import partial

from cti.ami.fake_channels import CAUSES, FakeChannel, FakeChannels
from cti.ports.clock import Clock
from cti.ports.telephony import OriginateEnded, Place, SwitchEvent

HOLD = Place("cti-hold")
AFTER = Place("cti-after")


class FakeDialplan(FakeChannels):
    """Where a channel goes and what the dialplan says on the way."""

    def __init__(
        self, clock: Clock, switch: str, emit: Callable[[SwitchEvent], None], *, ring_seconds: float, after_seconds: float
    ) -> None:
        super().__init__(clock, switch, emit)
        self.endpoints: set[str] = set()
        self.joins_after = 0.0  # seconds between Dial's ANSWER and the bridge
        self._ring_seconds, self._after_seconds = ring_seconds, after_seconds
        self._timers: dict[str, asyncio.TimerHandle] = {}
        self._contexts: dict[str, Callable[[FakeChannel], None]] = {
            "cti-hold": self._hold,
            "cti-ring": self._ring,
            "cti-again": self._ring,
            "cti-after": self._after,
            "cti-agenthold": self._agent_hold,
            "cti-room-agent": lambda c: self.enter_room(c, c.place.exten, marked=True),
            "cti-room-caller": lambda c: self.enter_room(c, c.place.exten, marked=False),
            "cti-out": self._out,
            "cti-fallback": lambda c: self.fall_back(c, c.variables.get("CTI_WHY", "")),
        }

    def reachable(self, target: str) -> bool:
        return target.endswith("@trunk") or target in self.endpoints

    # ---- timers -----------------------------------------------------------------------------------------------------

    def _later(self, channel: FakeChannel, seconds: float, do: Callable[[], None]) -> None:
        self.cancel_timer(channel)
        self._timers[channel.uniqueid] = asyncio.get_running_loop().call_later(seconds, do)

    def cancel_timer(self, channel: FakeChannel) -> None:
        timer = self._timers.pop(channel.uniqueid, None)
        if timer is not None:
            timer.cancel()

    def close(self) -> None:
        for timer in self._timers.values():
            timer.cancel()
        self._timers.clear()

    # ---- arriving ---------------------------------------------------------------------------------------------------

    def arrive(self, number: str, dnis: str, name: str, call: str, sip_call_id: str) -> str:
        channel = self.create("trunk", "", Place("inbound", dnis))
        channel.call, channel.state, channel.application = call or str(uuid.uuid4()), "Up", "AGI"
        channel.in_dialplan = True
        channel.caller_number, channel.caller_name = number, name
        self.tell(channel, "CTIArrived", sipcallid=sip_call_id, ani=number, name=name, dnis=dnis, trunk="trunk")
        channel.place = Place("cti-entry")
        return channel.uniqueid

    def ivr_ends(self, channel: FakeChannel) -> None:
        context, _, rest = channel.variables.get("CTI_NEXT", "").partition(",")
        if context:
            self.goto(channel, Place(context, rest.partition(",")[0] or "s"))
        else:
            self.fall_back(channel, "entry")

    # ---- going ------------------------------------------------------------------------------------------------------

    def goto(self, channel: FakeChannel, to: Place) -> None:
        """A Redirect, or the dialplan's own Goto."""
        for goes_on in self.detach(channel):
            goes_on()
        channel.place, channel.state, channel.in_dialplan = to, "Up", True
        enter = self._contexts.get(to.context)
        if enter is None:  # Redirect to a missing context answers Success and drops the call
            self.gone(channel, 16)
        else:
            enter(channel)

    def part(self, one: FakeChannel, two: FakeChannel) -> None:
        """Two legs of one bridge are taken out at once: neither falls back into its own dialplan."""
        if one.bridge and one.bridge == two.bridge:
            self.leave_bridge(one)
            for channel in (one, two):
                channel.child = channel.parent = ""

    def _hold(self, channel: FakeChannel) -> None:
        channel.application = "Wait"
        self.tell(channel, "CTIHold", why=channel.variables.get("CTI_WHY", ""))
        self.music(channel)

    def _ring(self, channel: FakeChannel) -> None:
        endpoint = channel.place.exten
        if channel.variables.get("CTI_REC") == "1":
            channel.variables.setdefault("CTI_MM", f"0x{channel.uniqueid}")
        if endpoint not in self.endpoints:
            self._ring_ended(channel, endpoint, "CHANUNAVAIL", 20)
            self.goto(channel, HOLD)
            return
        child = self.ring(endpoint, channel, channel.call)
        seconds = float(channel.variables.get("CTI_RING_TO") or self._ring_seconds)
        self._later(child, seconds, lambda: self.ring_fails(child, "NOANSWER"))

    def _ring_ended(self, channel: FakeChannel, endpoint: str, status: str, cause: int) -> None:
        offer = channel.variables.get("CTI_OFFER", "")
        self.tell(channel, "CTIRingEnd", agent=endpoint, dialstatus=status, cause=str(cause), offer=offer)

    def _after(self, channel: FakeChannel) -> None:
        channel.application = "Wait"
        self.tell(channel, "CTIAgentLeft")
        self._later(channel, self._after_seconds, lambda: self.core_hangs_up(channel, 16))

    def _agent_hold(self, channel: FakeChannel) -> None:
        channel.application = "Wait"
        self.tell(channel, "CTIAgentHold")

    def _out(self, channel: FakeChannel) -> None:
        channel.caller_number = channel.caller_number or channel.place.exten
        self.ring("trunk", channel, channel.call)

    def fall_back(self, channel: FakeChannel, why: str) -> None:
        """The emergency path: a plain Queue()."""
        channel.place = Place("cti-fallback")
        self.tell(channel, "CTIFallback", why=why)
        self.join_queue(channel, "fallback")

    # ---- originate and answer ---------------------------------------------------------------------------------------

    def originate(self, target: str, uniqueid: str, to: Place, variables: Mapping[str, str], seconds: float) -> None:
        given = {name.lstrip("_"): value for name, value in variables.items()}
        endpoint = "trunk" if target.endswith("@trunk") else target
        child = self.ring(endpoint, None, given.get("CTI_CALL", ""), uniqueid)
        child.then = to
        child.variables.update({name: value for name, value in given.items() if name.startswith("CTI_")})
        self._later(child, seconds, lambda: self.ring_fails(child, "NOANSWER"))

    def ring_fails(self, child: FakeChannel, status: str, tech_cause: str = "") -> None:
        originated = child.then is not None
        super().ring_fails(child, status, tech_cause)
        if originated:
            reason = 3 if status == "NOANSWER" else 0
            self.emit(OriginateEnded(self.clock.now(), child.call, child.uniqueid, ok=False, reason=reason))

    def gone(self, channel: FakeChannel, cause: int, tech_cause: str = "", *, told_again: bool = False) -> None:
        self.cancel_timer(channel)
        super().gone(channel, cause, tech_cause, told_again=told_again)

    def answered(self, child: FakeChannel) -> str:
        """The ringing leg is picked up."""
        self.cancel_timer(child)
        child.state = "Up"
        parent = self.channels.get(child.parent)
        self.dial_ends(child, "ANSWER")
        if parent is not None:
            if parent.place.context == "cti-out":
                self.tell(child, "CTIOutAnswered")
            self._join_soon(parent, child)
        elif child.then is not None:
            to, child.then = child.then, None
            self.emit(OriginateEnded(self.clock.now(), child.call, child.uniqueid, ok=True, reason=4))
            self.goto(child, to)
        return child.uniqueid

    def _join_soon(self, parent: FakeChannel, child: FakeChannel) -> None:
        if not self.joins_after:
            self.join(parent, child)
            return

        def both_there() -> None:
            if child.parent == parent.uniqueid in self.channels and child.uniqueid in self.channels:
                self.join(parent, child)

        self._later(child, self.joins_after, both_there)

    # ---- coming back ------------------------------------------------------------------------------------------------

    def bridge_by_action(self, one: FakeChannel, two: FakeChannel) -> None:
        """AMI Bridge: each leaves its dialplan, and whoever was dialling loses the leg it dialled."""
        self.part(one, two)
        for channel in (one, two):
            self._let_go_of_parent(channel)
            for goes_on in self.detach(channel):
                goes_on()
        self.join(one, two, by_action=True)

    def _let_go_of_parent(self, channel: FakeChannel) -> None:
        parent = self.channels.get(channel.parent)
        channel.parent = ""
        if parent is not None and parent.child == channel.uniqueid:
            parent.child = ""

    def after_dial(self, channel: FakeChannel, child: FakeChannel, status: str) -> None:
        cause = CAUSES.get(status, 16)
        if channel.place.context == "cti-out":
            self.tell(channel, "CTIOutEnd", dialstatus=status, cause=str(cause))
            if channel.endpoint != "trunk":  # an agent's leg; a customer who was sent to a number is not lost (CTI_SIDE)
                self.core_hangs_up(channel, 16)
                return
            self.goto(channel, AFTER if status == "ANSWER" else HOLD)
            return
        self._ring_ended(channel, child.endpoint, status, cause)
        self.goto(channel, AFTER if status == "ANSWER" else HOLD)

    def after_parent(self, channel: FakeChannel, parent: FakeChannel) -> list[Callable[[], None]]:
        channel.parent = ""
        if parent.place.context == "cti-out":  # Dial's option F
            return [partial(self.goto, channel, AFTER)]
        self.gone(channel, 16)
        return []

    def after_bridge(self, channel: FakeChannel) -> None:
        if channel.place.context == "cti-hold":  # a customer's leg
            self.goto(channel, AFTER)
        elif channel.place.context == "cti-agenthold" and channel.variables.get("CTI_STATE") != "talk":
            channel.application = "Wait"
        else:
            self.core_hangs_up(channel, 16)

    def after_room(self, channel: FakeChannel) -> None:
        self.tell(channel, "CTIConfEnd", room=channel.place.exten)
        if channel.place.context == "cti-room-caller":
            self.goto(channel, AFTER)
        else:
            self.core_hangs_up(channel, 16)
