"""Blind transfer: the caller goes on, the agent wraps up. Never by the phone's own REFER: the core knows where everybody is."""

from __future__ import annotations

from cti.calls.agent_states import AgentState
from cti.calls.call_states import CallState
from cti.calls.facts import FactKind
from cti.ports.consoles import CommandRefused
from cti.ports.telephony import Place
from cti.services.arrivals import Arrivals
from cti.services.dialing import Normalise, outbound_number
from cti.services.house import House
from cti.services.offers import Offers
from cti.services.sessions import AgentSessions
from cti.services.state import Agent, Call
from cti.services.talks import HOLD


class Transfers:
    """To a queue, to an agent, or out to a number."""

    def __init__(self, house: House, sessions: AgentSessions, offers: Offers, arrivals: Arrivals, normalise: Normalise) -> None:
        self._house, self._sessions, self._offers, self._arrivals = house, sessions, offers, arrivals
        self._normalise = normalise

    def blind(self, call: Call, kind: str, target: str) -> None:
        """`kind`: queue | agent | number."""
        if call.state not in (CallState.TALKING, CallState.HELD):
            raise CommandRefused("wrong_state", state=call.state.value)
        if kind == "queue":
            self._to_queue(call, target)
        elif kind == "agent":
            self._to_agent(call, target)
        elif kind == "number":
            self._to_number(call, target)
        else:
            raise CommandRefused("invalid_value", field="target.kind")

    def _leave(self, call: Call, kind: str, target: str) -> None:
        agent, leg = self._house.floor.agents[call.record.holder], call.agent_leg
        call.moving, call.agent_leg, call.in_room = "transfer", "", ""
        self._house.recorder.emit(FactKind.TRANSFERRED, call=call, agent=agent.id, to_kind=kind, to=target)
        self._house.floor.unbind_leg(leg)
        self._sessions.begin_wrap_up(agent, self._house.limits.wrap_up)
        agent.call = call.id

    def _hold(self, call: Call, leg: str, *, record: bool | None = None) -> None:
        """`record`: the policy of the queue he goes to, when it is another than before."""
        customer, telephony = call.customer, self._house.telephony
        call.holding = False

        async def act() -> None:
            if record is not None:
                await telephony.set_variable(customer, "CTI_REC", "1" if record else "0")
            await telephony.redirect(customer, HOLD)
            if leg:
                await telephony.hangup(leg)

        self._house.act(call, act)

    def _to_queue(self, call: Call, queue: str) -> None:
        if queue not in self._house.queues:
            raise CommandRefused("invalid_value", field="target.id")
        leg, record = call.agent_leg, self._house.queues[queue].record
        self._leave(call, "queue", queue)
        self._hold(call, leg, record=record)
        if not record and call.recording == "on":  # cti-record-on ends the writer on his way into hold
            call.recording = "off"
            self._house.recorder.emit(FactKind.RECORDING_PAUSED, call=call, why="queue")
        call.entered = self._house.clock.monotonic()
        self._arrivals.enqueue(call, queue, call.record.language)
        call.moving = ""

    def _to_agent(self, call: Call, target: str) -> None:
        wanted: Agent | None = self._house.floor.agents.get(target)
        if wanted is None:
            raise CommandRefused("no_such_agent")
        if wanted.state is not AgentState.READY or not wanted.reachable:
            raise CommandRefused("wrong_state", state=wanted.state.value)
        leg = call.agent_leg
        self._leave(call, "agent", target)
        self._hold(call, leg)
        self._house.recorder.emit(
            FactKind.CALL_QUEUED,
            call=call,
            queue=call.record.queue or self._house.default_queue,
            language=call.record.language,
            skills=sorted(call.skills),
            priority=call.record.priority,
        )
        call.entered = call.entered or self._house.clock.monotonic()
        self._offers.wait(call, first=True, only=wanted.id, seconds=self._house.limits.hold_for_agent)
        call.moving = ""

    def _to_number(self, call: Call, number: str) -> None:
        digits = outbound_number(self._house, self._normalise, number)
        leg = call.agent_leg
        self._leave(call, "number", "number")
        customer, telephony = call.customer, self._house.telephony

        async def act() -> None:
            await telephony.redirect(customer, Place("cti-out", digits))
            if leg:
                await telephony.hangup(leg)

        self._house.act(call, act)
