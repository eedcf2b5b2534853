"""The core: events of the switch, commands and page signals in; one place that says which service hears what, in which order."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime

import structlog

from cti.calls.call_states import CallState
from cti.calls.facts import FactKind
from cti.ports import telephony as tel
from cti.services.announcer import Announcer
from cti.services.arrivals import Arrivals, Normalise
from cti.services.board import Board
from cti.services.commands import Commands
from cti.services.consults import Consults
from cti.services.dialing import Dialing
from cti.services.emergency import Emergency
from cti.services.found_consults import FoundConsults
from cti.services.holds import Holds
from cti.services.house import House
from cti.services.log_outs import LogOuts
from cti.services.offers import Offers
from cti.services.pages import Pages
from cti.services.resync import Resync
from cti.services.sessions import AgentSessions
from cti.services.state import Joining
from cti.services.talks import Talks
from cti.services.transfers import Transfers
from routing.acd import Acd
from routing.model import events as ev

log = structlog.get_logger("cti.core")
DOUBTED_FOR = 3.0  # seconds: what moved meanwhile has arrived, and is compared
SAME_PROCESS_S = 1.0  # the switch tells its start in whole seconds


class Core:
    """All services of one core, wired. `run()` consumes the switch's events in order until cancelled."""

    def __init__(
        self,
        house: House,
        normalise: Normalise,
        pat: Callable[[], None] = lambda: None,
        journal_ok: Callable[[], bool] = lambda: True,
    ) -> None:
        self.house = house
        self._journal_ok, self._paused = journal_ok, False
        self.sessions = AgentSessions(house)
        self.offers = Offers(house, Acd(house.epoch), self.sessions)
        self.offers.on_journal_failed.append(lambda: self._pause(on=True))
        self.board = Board(house, self.sessions, self.offers)
        self.arrivals = Arrivals(house, self.offers, normalise)
        self.talks = Talks(house, self.sessions, self.offers, self.arrivals)
        self.talks.on_dropped.append(lambda call: self.board.touch("call", call.id))
        self.holds = Holds(house)
        self.consults = Consults(house, self.sessions, self.talks)
        self.dialing = Dialing(house, self.sessions, self.talks, normalise)
        self.transfers = Transfers(house, self.sessions, self.offers, self.arrivals, normalise)
        self.pages = Pages(house, self.sessions, self.offers, self.talks)
        self.talks.on_given_on.append(self.pages.registered)
        self.consults.on_freed.append(self.pages.registered)
        self.emergency = Emergency(house, self.sessions, pat, journal_ok)
        self.announcer = Announcer(house, self.offers)
        self.resync = Resync(house, self.sessions, self.offers, self.arrivals, self.talks, self.emergency, normalise)
        self.resync.on_found += [self.holds.found, FoundConsults(house, self.sessions, self.consults).found]
        self.log_outs = LogOuts(house, self.sessions, self.offers, self.talks, self.consults)
        self.commands = Commands(house, self.sessions, self.talks, self.holds, self.consults, self.transfers, self.dialing)
        self.arrivals.on_holding += [self.announcer.begin, self.holds.settled]
        self.on_switch_up: list[Callable[[], None]] = []
        self.switch_started: datetime | None = None  # the Asterisk process that all known channels and accounts live in
        self.ready = asyncio.Event()  # the first snapshot has been compared
        self._handlers: dict[type[tel.SwitchEvent], Callable[..., None]] = {
            tel.UserEvent: self._user_event,
            tel.MusicStarted: self.arrivals.music,
            tel.ChannelCreated: self.dialing.leg_created,
            tel.DialBegan: self._dial_began,
            tel.DialEnded: self._dial_ended,
            tel.BridgeEntered: self.talks.joined,
            tel.RoomJoined: self.consults.joined,
            tel.HangupRequested: self.talks.hangup_requested,
            tel.HungUp: self._hung_up,
            tel.ContactChanged: lambda event: self.sessions.contact(event.endpoint, reachable=event.reachable),
            tel.OriginateEnded: self.dialing.originate_ended,
            tel.SwitchDown: self._switch_down,
        }
        self._user_events: dict[str, Callable[[tel.UserEvent], object]] = {
            "CTIArrived": self.arrivals.arrived,
            "CTIHold": self.arrivals.in_hold,
            "CTIRingEnd": self.talks.ring_ended,
            "CTIAgentLeft": self.talks.agent_left,
            "CTIAgentHold": self.holds.parked,
            "CTIOutAnswered": self.dialing.answered,
            "CTIOutEnd": self.dialing.ended,
            "CTIFallback": self._fallback,
        }

    # ---- running ----------------------------------------------------------------------------------------------------

    async def run(self) -> None:
        """Heartbeat, periodic audit and the event loop of this switch."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self.emergency.beat(), name="heartbeat")
            group.create_task(self._audit(), name="audit")
            async for event in self.house.telephony.events():
                await self._one(event)

    async def _one(self, event: tel.SwitchEvent) -> None:
        try:
            if isinstance(event, tel.SwitchUp):
                await self._switch_up(event)
            else:
                self.handle(event)
        except tel.TelephonyError as error:
            log.warning("switch did not answer", action="switch_error", error=str(error))
        except Exception:  # the task supervisor of the core: one event's fault must not stop the others
            log.exception("event failed", action="event_failed", event_type=type(event).__name__)
        self.house.recorder.commit()

    def handle(self, event: tel.SwitchEvent) -> None:
        """One event, synchronously."""
        handler = self._handlers.get(type(event))
        if handler is not None:
            handler(event)

    async def _audit(self) -> None:
        """AMI is distrusted: compare now and then, and stop routing while the journal cannot be written."""
        due = self.house.clock.monotonic() + self.house.limits.audit
        while True:
            await asyncio.sleep(min(1.0, self.house.limits.audit))
            self._pause(on=not self._journal_ok())
            now, doubted = self.house.clock.monotonic(), self.house.floor.doubted
            if (now >= due or (doubted is not None and now >= doubted + DOUBTED_FOR)) and self.board.switch_up:
                due, self.house.floor.doubted = now + self.house.limits.audit, None
                await self._compare()

    def _pause(self, *, on: bool) -> None:
        if self._paused is not on:
            self._paused = on
            self.offers.tell(ev.Pause(on=on, why="journal_failed"))

    async def _compare(self) -> None:
        try:
            self.resync.audit(await self.house.telephony.snapshot())
        except tel.TelephonyError as error:
            log.warning("snapshot not taken", action="audit_failed", error=str(error))
        self.house.recorder.commit()

    # ---- the switch -------------------------------------------------------------------------------------------------

    async def _switch_up(self, event: tel.SwitchUp) -> None:
        snapshot = await self._first_picture()
        if snapshot is None:
            return
        restarted = event.restarted or self._is_another(snapshot.started_at)
        self.switch_started = snapshot.started_at
        self.house.recorder.emit(
            FactKind.SWITCH_UP, switch=self.house.switch, started_at=snapshot.started_at.isoformat(), restarted=restarted
        )
        self.resync.run(snapshot, restarted=restarted)
        self.sessions.softphones.switch_up(restarted=restarted)
        self.board.switch(up=True)
        self.offers.tell(ev.Pause(on=False, why="switch_away"))
        for listener in self.on_switch_up:
            listener()
        self.ready.set()

    async def _first_picture(self) -> tel.Snapshot | None:
        """Nothing is routed without it, so it is asked for while the connection stands. None: that is gone, and a new SwitchUp
        will follow."""
        while True:
            try:
                return await self.house.telephony.snapshot()
            except tel.TelephonyError as error:
                log.warning("snapshot not taken", action="first_snapshot_failed", error=str(error))
            if not self.house.telephony.up:
                return None
            await asyncio.sleep(self.house.limits.snapshot_again)

    def _is_another(self, started_at: datetime) -> bool:
        """Another Asterisk process than the journal knows: it may have been exchanged while no core was there to see it."""
        return self.switch_started is not None and abs((started_at - self.switch_started).total_seconds()) > SAME_PROCESS_S

    def _switch_down(self, event: tel.SwitchDown) -> None:
        self.house.recorder.emit(FactKind.SWITCH_LOST, switch=self.house.switch, why=event.why)
        self.board.switch(up=False)
        self.sessions.softphones.switch_down()
        self.offers.tell(ev.Pause(on=True, why="switch_away"))

    # ---- events that several services share -------------------------------------------------------------------------

    def _user_event(self, event: tel.UserEvent) -> None:
        handler = self._user_events.get(event.name)
        if handler is not None:
            handler(event)

    def _dial_began(self, event: tel.DialBegan) -> None:
        call = self.house.floor.find_call(event.call, event.uniqueid)
        agent = self.house.floor.agent_of_endpoint(event.dest_endpoint)
        if call is None or agent is None or not event.uniqueid or event.uniqueid != call.customer:
            return
        self.house.floor.bind_leg(event.dest, call)
        call.agent_leg = event.dest
        self.house.recorder.emit(FactKind.RING_STARTED, call=call, agent=agent.id, at=event.at, uniqueid=event.dest)

    def _dial_ended(self, event: tel.DialEnded) -> None:
        """ANSWER connects. Anything else is told by CTIRingEnd; a CANCEL comes with the caller's own end."""
        call = self.house.floor.find_call(event.call, event.uniqueid)
        agent = self.house.floor.agent_of_endpoint(event.dest_endpoint)
        from_customer = call is not None and bool(event.uniqueid) and event.uniqueid == call.customer
        if event.status != "ANSWER" or call is None or agent is None or not from_customer:
            return
        settings = self.house.queues.get(call.record.queue)
        call.joining = Joining({event.dest, call.customer})
        self.talks.answered(call, agent, event.dest, records=settings is None or settings.record)

    def _hung_up(self, event: tel.HungUp) -> None:
        if not self.consults.leg_gone(event) and not self.dialing.leg_gone(event):
            self.talks.leg_gone(event)

    def _fallback(self, event: tel.UserEvent) -> None:
        """He left for the emergency path although we live (a stall, or his AGI failed): take him back."""
        call = self.house.floor.find_call(event.call, event.uniqueid)
        if call is not None and call.state in (CallState.HELD, CallState.CONSULTING) and self._journal_ok():
            self.house.recorder.emit(FactKind.FALLBACK_ENTERED, call=call, why=event.values.get("why", ""))
            self.resync.take_back(call, agent_waits=bool(call.agent_leg))
            return
        if call is None or call.state not in (CallState.IVR, CallState.WAITING, CallState.OFFERED, CallState.RINGING):
            return
        if call.offer is not None:
            self.offers.withdraw(call, "caller_gone")
        self.offers.tell(ev.CallGone(call.id))
        self.house.recorder.emit(FactKind.FALLBACK_ENTERED, call=call, why=event.values.get("why", ""))
        if self._journal_ok():
            self.resync.take_back(call)
