"""The telephony port: events of a switch in, actions out. `cti/ami/gateway.py` speaks it to Asterisk, `cti/ami/fake.py` is a
small in-memory switch; one contract suite runs on both. Channels are named by Uniqueid everywhere."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from cti.calls.ids import SwitchId


class TelephonyError(Exception):
    """Root of the port's errors."""


class SwitchUnavailable(TelephonyError):
    """The switch's fault: not connected, or it did not answer in time. The outcome of an action sent before is unknown."""


class ActionRefused(TelephonyError):
    """Asterisk answered `Response: Error`; `message` is for logs, never decide on it."""

    def __init__(self, action: str, message: str) -> None:
        super().__init__(f"{action}: {message}")
        self.action, self.message = action, message


class InvalidValue(TelephonyError, ValueError):
    """The caller's mistake: a control character, or a line longer than Asterisk reads (1024 bytes)."""


# ---- events (what a fact may need, nothing more) ------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SwitchEvent:
    """Base of all events. `at` comes from AMI's Timestamp where there is one; `call` is CTI_CALL or ''."""

    at: datetime
    call: str
    uniqueid: str


@dataclass(frozen=True, slots=True)
class ChannelCreated(SwitchEvent):
    """AMI Newchannel."""

    channel: str  # e.g. PJSIP/trunk-00000001
    endpoint: str  # the part between '/' and the last '-'
    context: str
    exten: str


@dataclass(frozen=True, slots=True)
class UserEvent(SwitchEvent):
    """A UserEvent of our dialplan, see asterisk-config/extensions.conf. Keys are lower case without the CTI prefix."""

    name: str  # CTIArrived, CTIHold, CTIRingEnd, CTIAgentLeft, CTIAgentHold, CTIFallback, CTIConfEnd, …
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class MusicStarted(SwitchEvent):
    """MusicOnHoldStart: only from now on is a Redirect of this channel safe."""


@dataclass(frozen=True, slots=True)
class DialBegan(SwitchEvent):
    """AMI DialBegin. `uniqueid` is the calling leg ('' for an Originate), `dest` the ringing one."""

    dest: str
    dest_channel: str
    dest_endpoint: str


@dataclass(frozen=True, slots=True)
class DialEnded(SwitchEvent):
    """AMI DialEnd."""

    dest: str
    dest_endpoint: str
    status: str  # ANSWER, NOANSWER, BUSY, CANCEL, CONGESTION, CHANUNAVAIL


@dataclass(frozen=True, slots=True)
class BridgeEntered(SwitchEvent):
    """AMI BridgeEnter."""

    bridge: str
    endpoint: str


@dataclass(frozen=True, slots=True)
class BridgeLeft(SwitchEvent):
    """AMI BridgeLeave."""

    bridge: str
    endpoint: str


@dataclass(frozen=True, slots=True)
class RoomJoined(SwitchEvent):
    """AMI ConfbridgeJoin."""

    room: str
    endpoint: str


@dataclass(frozen=True, slots=True)
class RoomLeft(SwitchEvent):
    """AMI ConfbridgeLeave."""

    room: str
    endpoint: str


@dataclass(frozen=True, slots=True)
class HangupRequested(SwitchEvent):
    """HangupRequest / SoftHangupRequest: who hung up is the first of these."""

    endpoint: str


@dataclass(frozen=True, slots=True)
class HungUp(SwitchEvent):
    """AMI Hangup."""

    endpoint: str
    cause: int  # Q.850; 44 = media time-out of the leg
    tech_cause: str  # the SIP code where there is one, e.g. "486"


@dataclass(frozen=True, slots=True)
class ContactChanged(SwitchEvent):
    """AMI ContactStatus of a softphone."""

    endpoint: str
    reachable: bool


@dataclass(frozen=True, slots=True)
class OriginateEnded(SwitchEvent):
    """AMI OriginateResponse of `uniqueid` (our ChannelId)."""

    ok: bool
    reason: int


@dataclass(frozen=True, slots=True)
class QueueJoined(SwitchEvent):
    """The emergency queue took a caller."""

    queue: str


@dataclass(frozen=True, slots=True)
class SwitchUp(SwitchEvent):
    """Both connections are logged in and fully booted. `restarted`: another Asterisk process than before. A snapshot follows
    inside the adapter's own resynchronisation: the service calls `snapshot()`."""

    restarted: bool


@dataclass(frozen=True, slots=True)
class SwitchDown(SwitchEvent):
    """The switch is out of reach; what happens meanwhile is learned from the next snapshot."""

    why: str  # closed | silent | refused | shutdown


# ---- snapshot -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ChannelRow:
    """One row of CoreShowChannels joined with the channel variables we wrote (Status)."""

    uniqueid: str
    channel: str
    endpoint: str
    call: str
    context: str
    exten: str
    application: str
    application_data: str
    bridge: str
    state: str  # Up, Ringing, Ring, Down
    caller_number: str
    caller_name: str
    connected_number: str
    seconds: int
    variables: Mapping[str, str] = field(default_factory=dict)  # CTI_STATE, CTI_MM, CTI_QUEUE, CTI_AGENT, MIXMONITOR_FILENAME


@dataclass(frozen=True, slots=True)
class Snapshot:
    """All that the switch knows, taken in one go."""

    at: datetime
    started_at: datetime  # of the Asterisk process
    channels: tuple[ChannelRow, ...]
    rooms: Mapping[str, tuple[str, ...]]  # room -> uniqueids
    queue_callers: tuple[str, ...]  # uniqueids in the emergency queue
    queue_members: tuple[str, ...]  # interfaces, e.g. PJSIP/w1f…


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the dialplan a Redirect or Originate goes."""

    context: str
    exten: str = "s"
    priority: int = 1


class Telephony(Protocol):
    """One switch. All methods raise SwitchUnavailable, ActionRefused or InvalidValue."""

    switch: SwitchId

    @property
    def up(self) -> bool:
        """Connected now, whether the consumer has heard of it already or not."""
        ...

    def events(self) -> AsyncIterator[SwitchEvent]:
        """One consumer. Order is the switch's. Bounded inside; on overflow the adapter drops all and reports
        SwitchDown('overflow') then SwitchUp, so that the consumer takes a snapshot."""
        ...

    async def snapshot(self) -> Snapshot: ...
    async def redirect(self, uniqueid: str, to: Place, extra: tuple[str, Place] | None = None) -> None: ...
    async def bridge(self, one: str, two: str) -> None: ...
    async def hangup(self, uniqueid: str, cause: int = 16) -> None: ...
    async def originate(
        self,
        *,
        channel_id: str,
        channel: str,
        to: Place,
        variables: Mapping[str, str],
        caller_id: str = "",
        timeout_ms: int = 30000,
    ) -> None:
        """Queued, never waited for; DialEnded, HungUp and OriginateEnded of `channel_id` tell the outcome. Never sent twice."""
        ...

    async def set_variable(self, uniqueid: str | None, name: str, value: str) -> None:
        """None: a global. Names: CTI_[A-Z_]{1,32} only, else InvalidValue."""
        ...

    async def mute_recording(self, uniqueid: str, on: bool) -> None: ...
    async def room_kick(self, room: str, uniqueid: str) -> None: ...
    async def queue_add(self, queue: str, interface: str) -> None:
        """Already a member: succeeds."""
        ...

    async def queue_remove(self, queue: str, interface: str) -> None:
        """Not a member: succeeds."""
        ...
