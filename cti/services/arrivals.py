"""A call comes in, passes the IVR and enters its queue; callers who come to hold are looked after here."""

from __future__ import annotations

from collections.abc import Callable

from cti.calls.call_states import CallState
from cti.calls.facts import FactKind
from cti.calls.record import CallRecord
from cti.calls.visible import spoken_name
from cti.ports.telephony import MusicStarted, UserEvent
from cti.services.house import House
from cti.services.offers import Offers
from cti.services.state import Call
from routing.model import events as ev

Normalise = Callable[[str, str], str]  # (raw, region) -> E.164 or ''


class Arrivals:
    """From the first UserEvent to a place in the queue."""

    def __init__(self, house: House, offers: Offers, normalise: Normalise) -> None:
        self._house, self._offers, self._normalise = house, offers, normalise
        self.on_holding: list[Callable[[Call], None]] = []

    def arrived(self, event: UserEvent) -> Call:
        """`CTIArrived`: a new inbound call. Told twice: the same call."""
        known = self._house.floor.calls.get(event.call)
        if known is not None:
            return known
        raw, dnis = event.values.get("ani", ""), event.values.get("dnis", "")
        call = self.open(event.call, event.uniqueid)
        self._house.recorder.emit(
            FactKind.CALL_ARRIVED,
            call=call,
            at=event.at,
            switch=self._house.switch,
            uniqueid=event.uniqueid,
            sip_call_id=event.values.get("sipcallid", ""),
            ani_raw=raw,
            ani=self._normalise(raw, self._house.caller_region(dnis)),
            name_raw=spoken_name(event.values.get("name", "")),
            dnis=dnis,
            trunk=event.values.get("trunk", ""),
        )
        return call

    def open(self, call_id: str, uniqueid: str) -> Call:
        """A call with its customer's leg, before its first fact."""
        call = Call(id=call_id, record=CallRecord(id=call_id), since=self._house.clock.now(), customer=uniqueid)
        self._house.floor.add_call(call)
        self._house.floor.bind_leg(uniqueid, call)
        return call

    def enqueue(self, call: Call, queue: str, language: str, *, priority: int = 0, skills: frozenset[str] | None = None) -> None:
        """Into a queue; an unknown queue is the default one. He is offered when his music runs."""
        settings = self._house.queues.get(queue) or self._house.queues[self._house.default_queue]
        needed = skills if skills is not None else settings.skills | ({language} if language else frozenset())
        call.skills = frozenset(needed)
        if not call.entered:
            call.entered = self._house.clock.monotonic()
        self._house.recorder.emit(
            FactKind.CALL_QUEUED,
            call=call,
            queue=settings.id,
            language=language,
            skills=sorted(call.skills),
            priority=priority or settings.priority,
        )
        self._offers.wait(call)

    def in_hold(self, event: UserEvent) -> None:
        """`CTIHold`: in the hold context; not offerable before the music runs (a Redirect now may be lost)."""
        call = self._house.floor.find_call(event.call, event.uniqueid)
        if call is not None:
            call.holding = False

    def music(self, event: MusicStarted) -> None:
        """The caller hears music: a Redirect is safe from now on."""
        call = self._house.floor.find_call(event.call, event.uniqueid)
        if call is None or event.uniqueid != call.customer or call.holding:
            return
        call.holding = True
        if call.state is CallState.IVR and not call.record.queue:  # the core was away while he was in the IVR
            self.enqueue(call, self._house.default_queue, call.record.language)
        if call.state is CallState.WAITING and call.moving == "transfer":  # the number he was sent to did not take him
            call.moving = ""
            self.requeue(call, first=True)
        elif call.state is CallState.WAITING:
            self._offers.tell(ev.CallOfferable(call.id))
        for listener in self.on_holding:
            listener(call)

    def requeue(self, call: Call, *, first: bool) -> None:
        """Back into his queue at his old place, or ahead of all."""
        self._house.recorder.emit(
            FactKind.CALL_QUEUED,
            call=call,
            queue=call.record.queue or self._house.default_queue,
            language=call.record.language,
            skills=sorted(call.skills),
            priority=call.record.priority,
        )
        if not call.entered:
            call.entered = self._house.clock.monotonic()
        self._offers.wait(call, first=first)
