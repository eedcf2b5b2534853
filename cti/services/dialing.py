"""Click-to-dial: the agent's page answers by itself, then the called party is rung from his leg and recorded on its own."""

from __future__ import annotations

import re
from collections.abc import Callable

from cti.calls.agent_states import AgentEvent, AgentState
from cti.calls.call_states import CallState
from cti.calls.facts import FactKind
from cti.calls.record import CallRecord
from cti.ports.consoles import CommandRefused
from cti.ports.telephony import ChannelCreated, HungUp, OriginateEnded, Place, UserEvent
from cti.services.house import House
from cti.services.sessions import AgentSessions
from cti.services.state import Agent, Call, Joining
from cti.services.talks import Talks

Normalise = Callable[[str, str], str]
_DIGITS = re.compile(r"^\+?[0-9]{3,20}$")


def dialled_digits(number: str) -> str:
    """What may be put into a dial string: digits and a leading plus, nothing else. Raises CommandRefused `number_not_allowed`."""
    if not _DIGITS.match(number):
        raise CommandRefused("number_not_allowed")
    return number


def outbound_number(house: House, normalise: Normalise, written: str) -> str:
    """E.164 of a number that may be dialled from here. Raises CommandRefused `number_not_allowed`."""
    e164 = dialled_digits(normalise(written, house.region))
    if not e164.startswith(house.dial_prefixes):
        raise CommandRefused("number_not_allowed")
    return e164


class Dialing:
    """Outbound calls asked for by an agent. An Originate is sent once, with an id of our own, after its intent is journaled."""

    def __init__(self, house: House, sessions: AgentSessions, talks: Talks, normalise: Normalise) -> None:
        self._house, self._sessions, self._talks, self._normalise = house, sessions, talks, normalise
        self.refusal: Callable[[], str] = lambda: ""  # an error code while nothing may be dialled (the disk is nearly full)

    def dial(self, agent: Agent, number: str, links: dict[str, str]) -> Call:
        """`links`: owner, ticket, callback ids."""
        if agent.state not in (AgentState.READY, AgentState.AUX, AgentState.WRAP_UP) or not agent.reachable:
            raise CommandRefused("wrong_state", state=agent.state.value)
        if code := self.refusal():
            raise CommandRefused(code)
        e164 = outbound_number(self._house, self._normalise, number)
        before = self._house.floor.call_of_agent(agent)
        call = Call(id=self._house.new_id(), record=CallRecord(id=""), since=self._house.clock.now())
        call.record.id, call.agent_leg = call.id, self._house.new_id()
        self._house.floor.add_call(call)
        self._house.floor.bind_leg(call.agent_leg, call)
        self._house.recorder.emit(
            FactKind.CALL_DIALLED,
            call=call,
            agent=agent.id,
            switch=self._house.switch,
            uniqueid=call.agent_leg,
            number=e164,
            data={"agent": agent.id, **links},
        )
        agent.call = call.id
        if agent.next is not None:
            self._sessions.then(agent, *agent.next)  # chosen for after the call before, and now for after this one
        elif agent.state is AgentState.AUX:
            self._sessions.then(agent, AgentState.AUX, agent.reason)  # back to where he was, unless he chooses otherwise
        if before is not None:
            self._talks.release(before)
        self._sessions.move(agent, AgentEvent.RING)
        self._originate(call, agent, e164)
        return call

    def _originate(self, call: Call, agent: Agent, e164: str) -> None:
        leg, endpoint = call.agent_leg, agent.endpoint
        self._house.act(
            call,
            lambda: self._house.telephony.originate(
                channel_id=leg,
                channel=f"PJSIP/{endpoint}",
                to=Place("cti-out", e164),
                variables={
                    "__CTI_CALL": call.id,
                    "CTI_REC": "1",
                    "PJSIP_HEADER(add,X-CTI-Call)": call.id,
                    "PJSIP_HEADER(add,X-CTI-Answer)": "dial",
                },
                timeout_ms=int(self._house.limits.ring * 1000),
            ),
            lambda _error: self._failed(call, "failed"),
        )

    def _failed(self, call: Call, reason: str) -> None:
        self._talks.end(call, cause=0, reason=reason)

    # ---- what happens -----------------------------------------------------------------------------------------------

    def leg_created(self, event: ChannelCreated) -> None:
        """The called party's leg: the trunk channel of an outbound call."""
        call = self._house.floor.calls.get(event.call)
        if call is not None and call.state is CallState.DIALLING and event.endpoint == "trunk" and not call.customer:
            call.customer = event.uniqueid
            self._house.floor.bind_leg(event.uniqueid, call)

    def answered(self, event: UserEvent) -> None:
        """`CTIOutAnswered`, on the called party's leg."""
        call = self._house.floor.find_call(event.call, event.uniqueid)
        if call is None or call.state is not CallState.DIALLING:
            return
        call.customer = event.uniqueid
        self._house.floor.bind_leg(event.uniqueid, call)
        agent, leg = self._house.floor.agents[call.record.holder], call.agent_leg
        call.joining = Joining({leg, event.uniqueid})
        self._talks.answered(call, agent, leg, records=True, joined=event.uniqueid)

    def ended(self, event: UserEvent) -> None:
        """`CTIOutEnd`: nobody answered; the SIP code says why."""
        call = self._house.floor.find_call(event.call, event.uniqueid)
        if call is not None and call.state is CallState.DIALLING:
            call.hung_up_by = call.hung_up_by or "system"
            self._talks.end(call, cause=int(event.values.get("cause") or 0), reason=event.values.get("dialstatus", "").lower())

    def originate_ended(self, event: OriginateEnded) -> None:
        """The agent's page did not take the call."""
        call = self._house.floor.call_of_leg(event.uniqueid)
        if call is not None and not event.ok and call.state is CallState.DIALLING:
            self._failed(call, "agent_not_reached")

    def leg_gone(self, event: HungUp) -> bool:
        """The agent's leg ended while the other side still rang: the attempt is over."""
        call = self._house.floor.call_of_leg(event.uniqueid)
        if call is None or call.state is not CallState.DIALLING:
            return False
        if event.uniqueid == call.agent_leg:
            call.hung_up_by = call.hung_up_by or "agent"
            self._talks.end(call, cause=event.cause, reason="not_connected")
        return True
