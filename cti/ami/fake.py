"""FakeSwitch: a small in-memory switch with our dialplan's behaviour (docs/protocol.md, section 1).

Services are tested with it; `tests/contract/test_telephony_*.py` run the same stories on it and on a real Asterisk. The
upper half is the Telephony port, the lower half is what a caller, an agent or an accident does.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from datetime import datetime, timedelta

from cti.ami import actions
from cti.ami.event_queue import EventQueue
from cti.ami.fake_channels import FakeChannel, room_bridge
from cti.ami.fake_dialplan import FakeDialplan
from cti.calls.ids import SwitchId
from cti.ports.clock import Clock
from cti.ports.telephony import (
    ActionRefused,
    ChannelRow,
    ContactChanged,
    HangupRequested,
    OriginateEnded,
    Place,
    Snapshot,
    SwitchDown,
    SwitchEvent,
    SwitchUnavailable,
    SwitchUp,
)


class FakeSwitch:
    """A Telephony in memory. `actions` lists what was asked, as (method, *values), for assertions such as "rung once"."""

    def __init__(self, clock: Clock, switch: str = "sw1", *, ring_seconds: float = 15.0, after_seconds: float = 1.0) -> None:
        self.switch = SwitchId(switch)
        self.actions: list[tuple[str, ...]] = []
        self.globals: dict[str, str] = {}
        self.queue_members: list[str] = []
        self.up = False
        self._clock = clock
        self._started: datetime = clock.now() - timedelta(minutes=1)
        self._queue = EventQueue(clock)
        self.fails_next: dict[str, Exception] = {}
        self._plan = FakeDialplan(clock, switch, self._emit, ring_seconds=ring_seconds, after_seconds=after_seconds)

    def _emit(self, event: SwitchEvent) -> None:
        if self.up:  # what happens while nobody is connected is learned from the next snapshot
            self._queue.put(event)

    # ---- Telephony --------------------------------------------------------------------------------------------------

    def events(self) -> AsyncIterator[SwitchEvent]:
        return self._queue.stream()

    async def run(self) -> None:
        """Like the gateway's: connected until cancelled."""
        self.connect()
        try:
            await asyncio.Event().wait()
        finally:
            self.close()

    async def snapshot(self) -> Snapshot:
        self._begin("snapshot")
        rooms: dict[str, tuple[str, ...]] = {}
        for channel in self._plan.channels.values():
            if channel.room:
                rooms[channel.room] = (*rooms.get(channel.room, ()), channel.uniqueid)
        return Snapshot(
            at=self._clock.now(),
            started_at=self._started,
            channels=tuple(self._row(channel) for channel in self._plan.channels.values()),
            rooms=rooms,
            queue_callers=tuple(c.uniqueid for c in self._plan.channels.values() if c.queue),
            queue_members=tuple(self.queue_members),
        )

    def _row(self, channel: FakeChannel) -> ChannelRow:
        other = self._plan.partner(channel)
        return ChannelRow(
            uniqueid=channel.uniqueid,
            channel=channel.name,
            endpoint=channel.endpoint,
            call=channel.call,
            context=channel.place.context,
            exten=channel.place.exten,
            application=channel.application,
            application_data="",
            bridge=channel.bridge or (room_bridge(channel.room) if channel.room else ""),
            state=channel.state,
            caller_number=channel.caller_number,
            caller_name=channel.caller_name,
            connected_number=other.caller_number if other else "",
            seconds=int(self._clock.monotonic() - channel.started),
            variables=dict(channel.variables),
        )

    async def redirect(self, uniqueid: str, to: Place, extra: tuple[str, Place] | None = None) -> None:
        actions.redirect(uniqueid, to, extra)
        self._begin("redirect", uniqueid, to.context, to.exten, *((extra[0], extra[1].context) if extra else ()))
        channel = self._channel("Redirect", uniqueid)
        second = self._channel("Redirect", extra[0]) if extra else None
        if second is not None and second.parent == uniqueid and not second.bridge:  # between Dial's ANSWER and the bridge
            self._plan.goto(channel, to)
            raise ActionRefused("Redirect", "Secondary redirect failed")
        if second is not None and extra is not None:  # both leave before either goes on, as in one action
            self._plan.part(channel, second)
            self._plan.goto(second, extra[1])
        self._plan.goto(channel, to)

    async def bridge(self, one: str, two: str) -> None:
        actions.bridge(one, two)
        self._begin("bridge", one, two)
        first, second = self._channel("Bridge", one), self._channel("Bridge", two)
        if first.room or second.room:  # Bridge cannot pull a leg out of a ConfBridge
            raise ActionRefused("Bridge", "channel is in a conference")
        self._plan.bridge_by_action(first, second)

    async def hangup(self, uniqueid: str, cause: int = 16) -> None:
        actions.hangup(uniqueid, cause)
        self._begin("hangup", uniqueid)
        self._plan.core_hangs_up(self._channel("Hangup", uniqueid), cause)

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
        actions.originate(
            channel_id=channel_id, channel=channel, to=to, variables=variables, caller_id=caller_id, timeout_ms=timeout_ms
        )
        self._begin("originate", channel_id, channel, to.context, to.exten)
        target = channel.removeprefix("PJSIP/")
        if channel_id in self._plan.channels or not self._plan.reachable(target):
            self._emit(OriginateEnded(self._clock.now(), "", channel_id, ok=False, reason=0))
            return
        self._plan.originate(target, channel_id, to, variables, timeout_ms / 1000)

    async def set_variable(self, uniqueid: str | None, name: str, value: str) -> None:
        actions.set_variable(uniqueid, name, value)
        if uniqueid is None:
            self._fail("set_variable")
            self.globals[name] = value  # the heartbeat is not listed in `actions`
            return
        self._begin("set_variable", uniqueid, name, value)
        self._channel("Setvar", uniqueid).variables[name] = value

    async def mute_recording(self, uniqueid: str, on: bool) -> None:
        actions.mute_recording(uniqueid, on)
        self._begin("mute_recording", uniqueid, str(on))
        if "CTI_MM" not in self._channel("MixMonitorMute", uniqueid).variables:
            raise ActionRefused("MixMonitorMute", "no recording on this channel")

    async def room_kick(self, room: str, uniqueid: str) -> None:
        actions.room_list(room)
        self._begin("room_kick", room, uniqueid)
        channel = self._plan.channels.get(uniqueid)
        if channel is None or channel.room != room:
            raise ActionRefused("ConfbridgeKick", "not in this room")
        for goes_on in self._plan.leave_room(channel):
            goes_on()
        self._plan.after_room(channel)

    async def queue_add(self, queue: str, interface: str) -> None:
        actions.queue_add(queue, interface)
        self._begin("queue_add", queue, interface)
        if interface not in self.queue_members:
            self.queue_members.append(interface)

    async def queue_remove(self, queue: str, interface: str) -> None:
        actions.queue_remove(queue, interface)
        self._begin("queue_remove", queue, interface)
        if interface in self.queue_members:
            self.queue_members.remove(interface)

    def _fail(self, method: str) -> None:
        if not self.up:
            raise SwitchUnavailable("the switch is not connected")
        failure = self.fails_next.pop(method, None)
        if failure is not None:
            raise failure

    def _begin(self, method: str, *values: str) -> None:
        self._fail(method)
        self.actions.append((method, *values))

    def _channel(self, action: str, uniqueid: str) -> FakeChannel:
        channel = self._plan.channels.get(uniqueid)
        if channel is None:
            raise ActionRefused(action, "No such channel")
        return channel

    # ---- what callers and agents do ---------------------------------------------------------------------------------

    def register(self, endpoint: str) -> None:
        """A softphone registers; only then can it be rung."""
        self._plan.endpoints.add(endpoint)
        self._emit(ContactChanged(self._clock.now(), "", "", endpoint, reachable=True))

    def unregister(self, endpoint: str) -> None:
        self._plan.endpoints.discard(endpoint)
        self._emit(ContactChanged(self._clock.now(), "", "", endpoint, reachable=False))

    def caller_arrives(
        self, number: str = "+8613800138000", dnis: str = "4001", name: str = "", *, call: str = "", sip_call_id: str = ""
    ) -> str:
        """A call on the trunk: its Uniqueid. It is in the IVR until `ivr_ends`."""
        leg = self._plan.arrive(number, dnis, name, call, sip_call_id)
        self._plan.channels[leg].variables["CTI_SIDE"] = "customer"
        return leg

    def ivr_ends(self, uniqueid: str) -> None:
        """The FastAGI session is over: on to CTI_NEXT, without one to the emergency path."""
        self._plan.ivr_ends(self._plan.channels[uniqueid])

    def falls_back(self, uniqueid: str, why: str = "heartbeat") -> None:
        """The hold loop saw no heartbeat."""
        self._plan.fall_back(self._plan.channels[uniqueid], why)

    def ringing(self, endpoint: str) -> str:
        """Uniqueid of the leg that rings there, or ''."""
        return next((c.uniqueid for c in self._plan.channels.values() if c.endpoint == endpoint and c.state == "Ringing"), "")

    def agent_answers(self, endpoint: str) -> str:
        """The ringing leg of this end point is answered; its Uniqueid."""
        return self._plan.answered(self._plan.channels[self.ringing(endpoint)])

    def joins_after(self, seconds: float) -> None:
        """So long take two legs from Dial's ANSWER to their bridge, from now on."""
        self._plan.joins_after = seconds

    def agent_declines(self, endpoint: str, status: str = "CHANUNAVAIL", sip_code: str = "603") -> None:
        self._plan.ring_fails(self._plan.channels[self.ringing(endpoint)], status, sip_code)

    def ring_times_out(self, endpoint: str) -> None:
        """Now, instead of after the ring time."""
        self._plan.ring_fails(self._plan.channels[self.ringing(endpoint)], "NOANSWER")

    def callee_answers(self) -> str:
        """The called party of an outbound call answers (the trunk leg that rings)."""
        return self.agent_answers("trunk")

    def callee_declines(self, status: str = "BUSY", sip_code: str = "486") -> None:
        self.agent_declines("trunk", status, sip_code)

    def hang_up(self, uniqueid: str, cause: int = 16) -> None:
        """The party at this leg hangs up."""
        self._plan.party_hangs_up(self._plan.channels[uniqueid], cause)

    def media_lost(self, uniqueid: str) -> None:
        """The leg's RTP time-out: the switch itself ends it, with cause 44."""
        channel = self._plan.channels[uniqueid]
        self._emit(HangupRequested(self._clock.now(), channel.call, uniqueid, channel.endpoint))
        self._plan.gone(channel, 44)

    def leg_of(self, endpoint: str) -> str:
        """Uniqueid of the end point's channel, or ''."""
        return next((c.uniqueid for c in self._plan.channels.values() if c.endpoint == endpoint), "")

    def where(self, uniqueid: str) -> str:
        """The context a channel is in, '' when it is gone."""
        channel = self._plan.channels.get(uniqueid)
        return channel.place.context if channel else ""

    def partner_of(self, uniqueid: str) -> str:
        """Uniqueid of the channel it is bridged with, or ''."""
        channel = self._plan.channels.get(uniqueid)
        partner = self._plan.partner(channel) if channel else None
        return partner.uniqueid if partner else ""

    # ---- accidents --------------------------------------------------------------------------------------------------

    def connect(self, *, restarted: bool = False) -> None:
        """The gateway reaches the switch."""
        self.up = True
        self._emit(SwitchUp(self._clock.now(), "", "", restarted=restarted))

    def disconnect(self, why: str = "closed") -> None:
        """The connection is lost; calls go on unseen."""
        if self.up:
            self._emit(SwitchDown(self._clock.now(), "", "", why))
            self.up = False

    def crash(self) -> None:
        """Asterisk dies: every channel is gone and nobody says so."""
        self._plan.close()
        self._plan.channels.clear()
        self._plan.endpoints.clear()
        self.queue_members.clear()
        self.globals.clear()
        self.disconnect("closed")

    def restart(self) -> None:
        """A new Asterisk process is up."""
        self.boot()
        self.connect(restarted=True)

    def boot(self) -> None:
        """A new Asterisk process is up, and nobody is connected to it yet."""
        self._started = self._clock.now()

    def fail_next(self, method: str, error: Exception | None = None) -> None:
        """The next call of this port method raises, SwitchUnavailable unless said otherwise."""
        self.fails_next[method] = error or SwitchUnavailable("no answer in time")

    def close(self) -> None:
        """Stop the timers."""
        self._plan.close()
