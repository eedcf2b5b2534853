"""Channels of the fake switch and what Asterisk itself does with them: dial, bridge, rooms, hang-up, in its event order."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from cti.ports.clock import Clock
from cti.ports.telephony import (
    BridgeEntered,
    BridgeLeft,
    ChannelCreated,
    DialBegan,
    DialEnded,
    HangupRequested,
    HungUp,
    MusicStarted,
    Place,
    QueueJoined,
    RoomJoined,
    RoomLeft,
    SwitchEvent,
    UserEvent,
)

CAUSES = {"BUSY": 17, "NOANSWER": 19, "CHANUNAVAIL": 21, "CONGESTION": 34, "CANCEL": 26}


def room_bridge(room: str) -> str:
    """Asterisk makes a bridge for each room."""
    return f"bridge-of-{room}"


@dataclass(slots=True)
class FakeChannel:
    """One channel. `child` is the leg it is dialling, `parent` the leg that dials it, `then` where an Originate goes."""

    uniqueid: str
    name: str
    endpoint: str
    call: str
    started: float
    place: Place = field(default_factory=lambda: Place("from-agent"))
    application: str = ""
    state: str = "Down"
    caller_number: str = ""
    caller_name: str = ""
    variables: dict[str, str] = field(default_factory=dict)
    child: str = ""
    parent: str = ""
    bridge: str = ""
    bridged_by_action: bool = False
    room: str = ""
    marked: bool = False
    queue: str = ""
    then: Place | None = None
    in_dialplan: bool = False  # not only dialled: its end is told twice when its party hangs up


class FakeChannels:
    """All channels of the fake switch. Subclassed by the dialplan, which says where a channel goes next."""

    def __init__(self, clock: Clock, switch: str, emit: Callable[[SwitchEvent], None]) -> None:
        self.clock, self.switch, self.emit = clock, switch, emit
        self.channels: dict[str, FakeChannel] = {}
        self._numbers = itertools.count(1)

    # ---- what the dialplan adds -------------------------------------------------------------------------------------

    def after_dial(self, channel: FakeChannel, child: FakeChannel, status: str) -> None:
        """Dial came back to `channel`."""
        raise NotImplementedError

    def after_parent(self, channel: FakeChannel, parent: FakeChannel) -> list[Callable[[], None]]:
        """The leg that had dialled `channel` ended, or was taken elsewhere. What comes after its end is returned."""
        raise NotImplementedError

    def after_bridge(self, channel: FakeChannel) -> None:
        """A Bridge by action ended; `channel` goes on in its dialplan."""
        raise NotImplementedError

    def after_room(self, channel: FakeChannel) -> None:
        """ConfBridge came back to `channel`."""
        raise NotImplementedError

    def cancel_timer(self, channel: FakeChannel) -> None:
        """The channel left the place that the timer was for."""
        raise NotImplementedError

    # ---- channels ---------------------------------------------------------------------------------------------------

    def create(self, endpoint: str, call: str, place: Place, uniqueid: str = "") -> FakeChannel:
        number = next(self._numbers)
        channel = FakeChannel(
            uniqueid=uniqueid or f"{self.switch}-{1_800_000_000 + number}.{number}",
            name=f"PJSIP/{endpoint}-{number:08x}",
            endpoint=endpoint,
            call=call,
            started=self.clock.monotonic(),
            place=place,
        )
        self.channels[channel.uniqueid] = channel
        created = ChannelCreated(*self.head(channel), channel.name, endpoint, place.context, place.exten)
        self.emit(created)
        return channel

    def head(self, channel: FakeChannel) -> tuple[datetime, str, str]:
        """The fields that every event begins with."""
        return (self.clock.now(), channel.call, channel.uniqueid)

    def tell(self, channel: FakeChannel, event: str, /, **values: str) -> None:
        """A UserEvent of the dialplan on this channel."""
        self.emit(UserEvent(*self.head(channel), event, {"call": channel.call, **values}))

    def music(self, channel: FakeChannel) -> None:
        self.emit(MusicStarted(*self.head(channel)))

    def join_queue(self, channel: FakeChannel, queue: str) -> None:
        channel.queue, channel.application = queue, "Queue"
        self.emit(QueueJoined(*self.head(channel), queue))

    # ---- dial -------------------------------------------------------------------------------------------------------

    def ring(self, endpoint: str, parent: FakeChannel | None, call: str, uniqueid: str = "") -> FakeChannel:
        child = self.create(endpoint, call, Place("from-agent", ""), uniqueid)
        child.state, child.application = "Ringing", "AppDial"
        if parent is not None:
            child.parent, parent.child, parent.application = parent.uniqueid, child.uniqueid, "Dial"
            child.caller_number, child.caller_name = parent.caller_number, parent.caller_name
        caller = parent.uniqueid if parent is not None else ""
        self.emit(DialBegan(self.clock.now(), call, caller, child.uniqueid, child.name, endpoint))
        return child

    def dial_ends(self, child: FakeChannel, status: str) -> None:
        self.emit(DialEnded(self.clock.now(), child.call, child.parent, child.uniqueid, child.endpoint, status))

    def ring_fails(self, child: FakeChannel, status: str, tech_cause: str = "") -> None:
        """A ringing leg ends unanswered; the dialling one goes on."""
        parent = self.channels.get(child.parent)
        if tech_cause:  # he said so himself
            self._tell_request(child)
        self.dial_ends(child, status)
        self.gone(child, CAUSES.get(status, 16), tech_cause)
        if parent is not None:
            parent.child = ""
            self.after_dial(parent, child, status)

    # ---- bridges ----------------------------------------------------------------------------------------------------

    def join(self, one: FakeChannel, two: FakeChannel, by_action: bool = False) -> None:
        bridge = f"bridge-{next(self._numbers)}"
        for channel in (one, two):
            channel.bridge, channel.bridged_by_action, channel.state = bridge, by_action, "Up"
            self.emit(BridgeEntered(*self.head(channel), bridge, channel.endpoint))

    def partner(self, channel: FakeChannel) -> FakeChannel | None:
        if not channel.bridge:
            return None
        return next((c for c in self.channels.values() if c.bridge == channel.bridge and c is not channel), None)

    def leave_bridge(self, channel: FakeChannel) -> FakeChannel | None:
        """Both leave (two parties only); who was left behind is returned."""
        other = self.partner(channel)
        for leaving in (channel, other):
            if leaving is not None and leaving.bridge:
                self.emit(BridgeLeft(*self.head(leaving), leaving.bridge, leaving.endpoint))
                leaving.bridge = ""
        return other

    # ---- rooms ------------------------------------------------------------------------------------------------------

    def enter_room(self, channel: FakeChannel, room: str, marked: bool) -> None:
        channel.room, channel.marked, channel.application, channel.state = room, marked, "ConfBridge", "Up"
        self.emit(BridgeEntered(*self.head(channel), room_bridge(room), channel.endpoint))
        self.emit(RoomJoined(*self.head(channel), room, channel.endpoint))

    def leave_room(self, channel: FakeChannel) -> list[Callable[[], None]]:
        """The last marked member takes the others out with it (end_marked)."""
        room = channel.room
        self._out_of_room(channel)
        left = [c for c in self.channels.values() if c.room == room]
        if not channel.marked or any(c.marked for c in left):
            return []
        for other in left:
            self._out_of_room(other)
        return [partial(self.after_room, other) for other in left]

    def _out_of_room(self, channel: FakeChannel) -> None:
        room, channel.room = channel.room, ""
        self.emit(RoomLeft(*self.head(channel), room, channel.endpoint))
        self.emit(BridgeLeft(*self.head(channel), room_bridge(room), channel.endpoint))

    # ---- ends -------------------------------------------------------------------------------------------------------

    def detach(self, channel: FakeChannel) -> list[Callable[[], None]]:
        """Take the channel out of everything it is in. What the others do next is returned: it comes after this one's end."""
        self.cancel_timer(channel)
        child = self.channels.get(channel.child)
        channel.child, channel.queue, channel.application = "", "", ""
        if child is not None and not child.bridge:
            self.dial_ends(child, "CANCEL")
            self.gone(child, CAUSES["CANCEL"])
        others = self.leave_room(channel) if channel.room else []
        return others + self._unbridge(channel) if channel.bridge else others

    def _unbridge(self, channel: FakeChannel) -> list[Callable[[], None]]:
        by_action = channel.bridged_by_action
        other = self.leave_bridge(channel)
        if other is None:
            return []
        if by_action:
            return [partial(self.after_bridge, other)]
        if other.parent == channel.uniqueid:
            return self.after_parent(other, channel)
        other.child = ""
        return [partial(self.after_dial, other, channel, "ANSWER")]

    def gone(self, channel: FakeChannel, cause: int, tech_cause: str = "", *, told_again: bool = False) -> None:
        if self.channels.pop(channel.uniqueid, None) is None:
            return
        others = self.detach(channel)
        if told_again:
            self._tell_request(channel)
        self.emit(HungUp(*self.head(channel), channel.endpoint, cause, tech_cause))
        for goes_on in others:
            goes_on()

    def _tell_request(self, channel: FakeChannel) -> None:
        self.emit(HangupRequested(*self.head(channel), channel.endpoint))

    def party_hangs_up(self, channel: FakeChannel, cause: int, tech_cause: str = "") -> None:
        """BYE, CANCEL or a refusal: who it was is the first HangupRequested."""
        if channel.state == "Ringing" and channel.parent in self.channels:
            self.ring_fails(channel, "CHANUNAVAIL", tech_cause or "603")
            return
        self._tell_request(channel)
        self.gone(channel, cause, tech_cause, told_again=channel.in_dialplan)

    def core_hangs_up(self, channel: FakeChannel, cause: int) -> None:
        """The core's action, or the dialplan's Hangup()."""
        self._tell_request(channel)
        self.gone(channel, cause)
