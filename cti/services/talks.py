"""While two people talk: answer, hang up; the agent's leg that goes, and the end of the call."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial

from cti.calls.agent_states import AgentEvent, AgentState
from cti.calls.call_states import CallState
from cti.calls.facts import FactKind
from cti.ports.telephony import BridgeEntered, HangupRequested, HungUp, Place, UserEvent
from cti.services.arrivals import Arrivals
from cti.services.house import House
from cti.services.offers import Offers
from cti.services.sessions import AgentSessions
from cti.services.state import Agent, Call, OfferInProgress
from routing.model import events as ev

# Hangup causes of an agent's leg that ended without his doing; 16 is a normal end
LOST = {
    44: "media_lost",  # its RTP stopped (rtp_timeout)
    38: "leg_lost",  # it was on hold when the heart stood still (cti-agenthold)
}
HOLD = Place("cti-hold")
WITH_AGENT = (CallState.TALKING, CallState.HELD, CallState.CONSULTING, CallState.CONFERENCE)


class Talks:
    """Owns the part of a call in which an agent is connected, and every call's end."""

    def __init__(self, house: House, sessions: AgentSessions, offers: Offers, arrivals: Arrivals) -> None:
        self._house, self._sessions, self._offers, self._arrivals = house, sessions, offers, arrivals
        self._left_cause: dict[str, int] = {}  # call -> Hangup cause of its agent's leg
        self.on_ended: list[Callable[[Call], None]] = []
        self.on_lost: list[Callable[[Call], None]] = []
        self.on_given_on: list[Callable[[Agent], None]] = []  # he who was lost has no caller any more
        self.on_dropped: list[Callable[[Call], None]] = []
        sessions.on_registered.append(self.agent_back)
        sessions.on_released.append(self.release)

    # ---- answer -----------------------------------------------------------------------------------------------------

    def answered(self, call: Call, agent: Agent, leg: str, *, records: bool, joined: str = "") -> None:
        """Agent and customer are connected. `joined`: the leg that came to it, when it is not the agent's own."""
        back = call.state is CallState.LOST_AGENT and call.kept_for == agent.id
        lost = None if back else self._house.floor.agents.get(call.kept_for)
        self._offers.accepted(call)
        self._house.timers.cancel(f"kept:{call.id}")
        call.kept_for, call.kept_until, call.agent_leg, call.moving = "", None, leg, ""
        call.endpoint = agent.endpoint
        self._house.floor.bind_leg(leg, call)
        agent.call = call.id
        kind = FactKind.CALL_REATTACHED if back else FactKind.CALL_ANSWERED
        self._house.recorder.emit(kind, call=call, agent=agent.id, uniqueid=joined or leg)
        if records and call.recording == "off":
            call.recording = "on"
            self._house.recorder.emit(FactKind.RECORDING_STARTED, call=call, recording=call.id, file=f"{call.id}.raw")
        if agent.state is not AgentState.ON_CALL:
            self._sessions.move(agent, AgentEvent.ANSWER)
        if lost is not None:
            self._no_caller_for(lost, call)

    def joined(self, event: BridgeEntered) -> None:
        """One more leg is in the bridge that Dial's ANSWER promised."""
        call = self._house.floor.call_of_leg(event.uniqueid)
        if call is None or call.joining is None:
            return
        call.joining.legs.discard(event.uniqueid)
        if not call.joining.legs:
            call.joining.done.set()
            call.joining = None

    # ---- who hung up ------------------------------------------------------------------------------------------------

    def hang_up(self, call: Call, by: str) -> None:
        """Asked for in the console."""
        if call.state is CallState.ENDED:
            return
        call.hung_up_by = call.hung_up_by or by
        self._house.recorder.emit(FactKind.HANGUP_REQUESTED, call=call, agent=call.record.holder, by=by)
        legs = [leg for leg in (call.customer, call.agent_leg) if leg]
        self._hang_up_legs(call, legs)

    def _hang_up_legs(self, call: Call, legs: list[str]) -> None:
        for leg in legs:
            self._house.act(call, partial(self._house.telephony.hangup, leg))

    def hangup_requested(self, event: HangupRequested) -> None:
        """The first HangupRequest says who hung up."""
        call = self._house.floor.call_of_leg(event.uniqueid)
        if call is None or call.hung_up_by or (call.moving and call.moving != "transfer"):
            return
        if event.uniqueid == call.customer:
            call.hung_up_by = "caller"
        elif call.moving:
            return  # the leg of the agent who sent him on
        elif event.uniqueid == call.agent_leg and call.state in (CallState.TALKING, CallState.HELD, CallState.DIALLING):
            call.hung_up_by = "agent"

    # ---- the agent's leg goes ---------------------------------------------------------------------------------------

    def agent_left(self, event: UserEvent) -> None:
        """`CTIAgentLeft`: the customer is in cti-after and has one second. Was it wanted, or was the leg lost?"""
        call = self._house.floor.find_call(event.call, event.uniqueid)
        if call is None or call.moving or call.state not in WITH_AGENT:
            return
        if call.agent_leg:  # its end is still to be told; what is known is of a leg before it
            self._left_cause.pop(call.id, None)
        if call.id in self._left_cause:
            self._decide(call)
        else:
            self._house.timers.start(f"left:{call.id}", self._house.limits.after_agent * 0.4, lambda: self._decide(call))

    def _decide(self, call: Call) -> None:
        self._house.timers.cancel(f"left:{call.id}")
        cause = self._left_cause.pop(call.id, 16)
        agent = self._house.floor.agents.get(call.record.holder)
        page_gone = agent is not None and not agent.reachable and call.hung_up_by != "agent"
        if call.state not in WITH_AGENT or agent is None:
            return
        if cause in LOST or page_gone:
            call.hung_up_by = ""
            self.lose_agent(call, agent, LOST.get(cause, "page_gone"))
        else:
            call.hung_up_by = call.hung_up_by or "agent"
            self._hang_up_legs(call, [call.customer])

    def lose_agent(self, call: Call, agent: Agent, why: str) -> None:
        """Page or media of the agent are gone: the caller hears music, first in line, kept for him for a while."""
        if call.state not in WITH_AGENT:
            return
        legs = [leg for leg in (call.agent_leg,) if leg]
        seconds = self._house.limits.hold_for_agent
        call.moving, call.kept_for, call.agent_leg, call.in_room = "lost", agent.id, "", ""
        call.kept_until = self._house.clock.now() + timedelta(seconds=seconds)
        self._house.recorder.emit(FactKind.AGENT_LEFT, call=call, agent=agent.id, why=why)
        for listener in self.on_lost:
            listener(call)
        customer = call.customer
        self._house.act(call, lambda: self._house.telephony.redirect(customer, HOLD))
        self._hang_up_legs(call, legs)
        self._house.timers.start(f"kept:{call.id}", seconds, lambda: self.give_on(call))
        agent.before_lost = AgentState.ON_CALL
        if agent.state is not AgentState.LOST:
            self._sessions.move(agent, AgentEvent.PAGE_LOST, why)
        other_line = call.endpoint not in ("", agent.endpoint)  # another page of his took it: it will not register once more
        if agent.reachable and (other_line or why == "leg_lost"):  # a line without a way for media is not tried again
            self.agent_back(agent)

    def give_on(self, call: Call) -> None:
        """The lost agent did not come back in time: offered on, first in line."""
        if call.state is not CallState.LOST_AGENT:
            return
        agent = self._house.floor.agents.get(call.kept_for)
        if agent is not None and agent.call == call.id:
            agent.call = None  # before he is offered on: to whoever is free, and that may be he
        if call.offer is not None:
            self._offers.withdraw(call, "failed")
        call.kept_for, call.kept_until, call.moving = "", None, ""
        self._arrivals.requeue(call, first=True)
        if agent is not None:
            self._no_caller_for(agent, call)

    def _no_caller_for(self, agent: Agent, call: Call) -> None:
        """He who was lost: his caller is somebody else's."""
        if agent.call == call.id:
            agent.call = None
        for listener in self.on_given_on:
            listener(agent)

    def agent_back(self, agent: Agent) -> None:
        """His softphone is registered again: give him his caller, who has been waiting."""
        call = self._house.floor.call_of_agent(agent)
        if call is None or call.state is not CallState.LOST_AGENT or call.kept_for != agent.id or call.offer is not None:
            return
        if not call.holding:
            self._house.timers.start(f"back:{call.id}", 0.02, lambda: self.agent_back(agent))
            return
        call.offer = OfferInProgress(id=f"resume-{self._house.new_id()}", agent=agent.id, generation=0, reasons=[], resume=True)
        call.holding, call.moving = False, ""
        customer, place = call.customer, Place("cti-again", agent.endpoint)
        self._house.act(call, lambda: self._house.telephony.redirect(customer, place), lambda _error: self._resume_failed(call))

    def _resume_failed(self, call: Call) -> None:
        if call.offer is not None and call.offer.resume:
            call.offer = None
            self.give_on(call)

    def ring_ended(self, event: UserEvent) -> None:
        """`CTIRingEnd` without an answer: the caller is on his way back to hold."""
        call = self._house.floor.find_call(event.call, event.uniqueid)
        status = event.values.get("dialstatus", "")
        if call is None or status == "ANSWER" or call.offer is None:
            return
        offer = call.offer
        self._house.recorder.emit(
            FactKind.RING_ENDED, call=call, agent=offer.agent, status=status, cause=event.values.get("cause", "")
        )
        if offer.resume:
            self._resume_failed(call)
            return
        why = ev.OfferFailure.BUSY if status == "BUSY" else ev.OfferFailure.NO_ANSWER
        self._offers.fail(call, offer, why, "busy" if status == "BUSY" else "no_answer")

    # ---- the end ----------------------------------------------------------------------------------------------------

    def leg_gone(self, event: HungUp) -> None:
        """A leg ended. The customer's leg ends the call; the agent's alone may be a loss."""
        call = self._house.floor.call_of_leg(event.uniqueid)
        if call is None:
            return
        self._house.floor.unbind_leg(event.uniqueid)
        if event.uniqueid == call.customer:
            self.end(call, cause=event.cause)
        elif event.uniqueid == call.agent_leg:
            self._agent_leg_gone(call, event)

    def _agent_leg_gone(self, call: Call, event: HungUp) -> None:
        call.agent_leg = ""
        if call.moving or call.state not in WITH_AGENT:
            return
        self._left_cause[call.id] = event.cause
        if self._house.timers.running(f"left:{call.id}"):
            self._decide(call)
        elif call.state in (CallState.HELD, CallState.CONSULTING, CallState.CONFERENCE):
            self._decide(call)  # the customer is on music or in a room: no CTIAgentLeft will come
        elif call.in_room:  # he may be on his way into the room still, and would wait there alone for ever
            self._house.timers.start(f"left:{call.id}", self._house.limits.after_agent, lambda: self._decide(call))

    def end(self, call: Call, *, cause: int, reason: str = "") -> None:
        """The customer's leg is gone, or the switch is: close the record, free the agent."""
        if call.state is CallState.ENDED:
            return
        self._forget_timers(call)
        by = call.hung_up_by or "system"
        reached = call.record.answered_at is not None
        if call.offer is not None:
            self._offers.withdraw(call, "caller_gone")
        self._offers.tell(ev.CallGone(call.id))
        self._house.recorder.emit(
            FactKind.CALL_ENDED,
            call=call,
            agent=call.record.holder or None,
            by=by,
            cause=cause,
            reason=reason or _reason(by, reached),
        )
        agent = self._house.floor.agents.get(call.record.holder)
        self._hang_up_legs(call, [leg for leg in (call.agent_leg,) if leg])
        for listener in self.on_ended:
            listener(call)
        if agent is not None and agent.call == call.id:
            self._agent_after(agent)
        self.release(call)

    def _agent_after(self, agent: Agent) -> None:
        if agent.state in (AgentState.ON_CALL, AgentState.CONSULTING, AgentState.LOST):
            self._sessions.begin_wrap_up(agent, self._house.limits.wrap_up)
        elif agent.state in (AgentState.RINGING, AgentState.RESERVED):  # an outbound call that nobody answered
            agent.call = None
            self._sessions.after_work(agent)

    def _forget_timers(self, call: Call) -> None:
        for name in ("kept", "left", "back", "say"):
            self._house.timers.cancel(f"{name}:{call.id}")
        self._left_cause.pop(call.id, None)

    def release(self, call: Call) -> None:
        """An ended call goes when the last who wraps it up is done."""
        if call.state is CallState.ENDED and not any(a.call == call.id for a in self._house.floor.agents.values()):
            self._house.floor.drop_call(call)
            for listener in self.on_dropped:
                listener(call)


def _reason(by: str, reached: bool) -> str:
    if by == "caller":
        return "completed" if reached else "abandoned"
    return "completed" if reached else "not_connected"
