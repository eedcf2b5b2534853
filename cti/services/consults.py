"""Consult and hand-over to a hotline engineer, in a room: agent and engineer meet in a ConfBridge, the caller hears music and
joins or is given back. Whoever leaves the room touches nobody else (docs/adr/0005)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from cti.calls.agent_states import AgentEvent, AgentState
from cti.calls.call_states import CallState
from cti.calls.facts import FactKind, JsonValue
from cti.ports.accounts import EndpointClass
from cti.ports.consoles import CommandRefused
from cti.ports.telephony import HungUp, Place, RoomJoined
from cti.services.entities import call_entity
from cti.services.house import House
from cti.services.sessions import AgentSessions
from cti.services.state import Agent, Call, Consult
from cti.services.talks import HOLD, LOST, Talks

ENGINEER = "hotline_engineer"


class Consults:
    """One consult per call at a time."""

    def __init__(self, house: House, sessions: AgentSessions, talks: Talks) -> None:
        self._house, self._sessions, self._talks = house, sessions, talks
        self.on_freed: list[Callable[[Agent], None]] = []  # an engineer is out of the consult
        talks.on_ended.append(self._call_ended)
        talks.on_lost.append(self._call_ended)

    # ---- begin ------------------------------------------------------------------------------------------------------

    def free_engineer(self) -> Agent | None:
        """The hotline engineer who has been READY longest."""
        free = [
            a for a in self._house.floor.agents.values() if a.role == ENGINEER and a.state is AgentState.READY and a.reachable
        ]
        return min(free, key=lambda a: a.idle_since, default=None)

    def start(self, call: Call, target: str | None) -> Agent:
        """Ring an engineer; None: anyone who is READY. Refused with `no_engineer` when nobody is."""
        if call.state not in (CallState.TALKING, CallState.HELD) or not call.agent_leg:
            raise CommandRefused("wrong_state", state=call.state.value)
        engineer = self._house.floor.agents.get(target) if target else self.free_engineer()
        if engineer is None or engineer.state is not AgentState.READY or not engineer.reachable:
            raise CommandRefused("no_engineer")
        agent, leg = self._house.floor.agents[call.record.holder], self._house.new_id()
        room = f"r{self._house.new_id().replace('-', '')[:16]}"
        call.consult = Consult(room=room, agent=agent.id, engineer=engineer.id, since=self._house.clock.now(), leg=leg)
        call.moving, call.in_room, engineer.call = "consult", "", call.id
        call.holding = call.holding and call.state is CallState.HELD
        self._house.floor.bind_leg(leg, call)
        self._house.recorder.emit(FactKind.CONSULT_STARTED, call=call, agent=agent.id, engineer=engineer.id, room=room)
        self._sessions.move(engineer, AgentEvent.RESERVE)
        self._sessions.move(engineer, AgentEvent.RING)
        if agent.state is AgentState.ON_CALL:
            self._sessions.move(agent, AgentEvent.CONSULT)
        self._pop(call, engineer)
        self._meet(call, call.consult, engineer)
        self.ring_until_answered(call, call.consult)
        return engineer

    def ring_until_answered(self, call: Call, consult: Consult) -> None:
        """Not for ever."""
        seconds = self._house.limits.consult_ring
        self._house.timers.start(f"consult:{call.id}", seconds, lambda: self._no_answer(call, consult.leg))

    def _pop(self, call: Call, engineer: Agent) -> None:
        """The engineer sees the owner before his phone rings."""
        if engineer.page is not None and engineer.endpoint_class is EndpointClass.WEBRTC:
            message: dict[str, JsonValue] = {
                "type": "pop",
                "nonce": "",
                "offer": f"consult-{call.id}",
                "call": call_entity(self._house, call),
                "candidates": call.candidates,
                "reasons": [{"code": "consult", "params": {"agent": call.record.holder}}],
                "ring_seconds": self._house.limits.consult_ring,
            }
            self._house.consoles.send_page(engineer.page, message)

    def _meet(self, call: Call, consult: Consult, engineer: Agent) -> None:
        customer, leg, telephony = call.customer, call.agent_leg, self._house.telephony
        room = Place("cti-room-agent", consult.room)

        async def act() -> None:
            await self._house.joined(call)
            await telephony.redirect(customer, HOLD, (leg, room))
            consult.apart = True
            await telephony.originate(
                channel_id=consult.leg,
                channel=f"PJSIP/{engineer.endpoint}",
                to=room,
                variables={"__CTI_CALL": call.id, "PJSIP_HEADER(add,X-CTI-Call)": call.id},
                timeout_ms=int(self._house.limits.consult_ring * 1000),
            )

        self._house.act(call, act, lambda _error: self._drop(call, consult, "failed"))

    # ---- what happens -----------------------------------------------------------------------------------------------

    def joined(self, event: RoomJoined) -> None:
        """Somebody entered the room: the engineer's arrival is the answer."""
        call = self._house.floor.find_call(event.call, event.uniqueid)
        if call is None or call.consult is None or call.consult.room != event.room:
            return
        if event.uniqueid == call.agent_leg:
            call.moving = ""  # from now on his leg's end is an end, and no step of ours
        if event.uniqueid != call.consult.leg:
            return
        self.answered(call, call.consult, self._house.floor.agents[call.consult.engineer], event.at)

    def answered(self, call: Call, consult: Consult, engineer: Agent, at: datetime) -> None:
        """The engineer is in the room."""
        self._house.timers.cancel(f"consult:{call.id}")
        consult.state, consult.since = "talking", at
        self._house.recorder.emit(FactKind.CONSULT_ANSWERED, call=call, engineer=engineer.id, uniqueid=consult.leg)
        if engineer.state is AgentState.RINGING:
            self._sessions.move(engineer, AgentEvent.ANSWER)

    def _no_answer(self, call: Call, leg: str) -> None:
        if call.consult is not None and call.consult.leg == leg and call.consult.state == "ringing":
            self._drop(call, call.consult, "no_answer")

    def leg_gone(self, event: HungUp) -> bool:
        """True: it was a consult's leg and has been dealt with."""
        call = self._house.floor.call_of_leg(event.uniqueid)
        if call is None or call.consult is None:
            return False
        if event.uniqueid == call.consult.leg:
            self._house.floor.unbind_leg(event.uniqueid)
            self._drop(call, call.consult, "busy" if event.cause == 17 else "engineer_left")
            return True
        agent = self._house.floor.agents[call.consult.agent]
        meant = event.uniqueid == call.agent_leg and event.cause not in LOST and agent.reachable
        if meant and call.consult.state != "ringing":  # he hung up and left the caller to the engineer
            self.complete(call)
        return meant and call.consult is None

    # ---- the three ways out -----------------------------------------------------------------------------------------

    def _talking(self, call: Call) -> Consult:
        if call.consult is None or call.consult.state == "ringing":
            raise CommandRefused("wrong_state", state=call.state.value)
        return call.consult

    def three_way(self, call: Call) -> None:
        """The caller comes into the room."""
        consult = self._talking(call)
        consult.state = "three_way"
        self._house.recorder.emit(FactKind.CONSULT_JOINED, call=call)
        self.bring_caller(call, consult.room)

    def complete(self, call: Call) -> None:
        """The engineer has the caller; the agent leaves and wraps up. The call is the engineer's from now on."""
        consult = self._talking(call)
        agent, engineer = self._house.floor.agents[consult.agent], self._house.floor.agents[consult.engineer]
        leg, in_room_already = call.agent_leg, consult.state == "three_way"
        self._house.recorder.emit(FactKind.CONSULT_COMPLETED, call=call, agent=agent.id, engineer=engineer.id)
        call.consult, call.agent_leg = None, consult.leg
        if not in_room_already:
            self.bring_caller(call, consult.room)
        call.in_room, call.moving = consult.room, ""
        self._house.floor.unbind_leg(leg)
        if leg:
            self._house.act(call, lambda: self._house.telephony.hangup(leg))
        self._sessions.begin_wrap_up(agent, self._house.limits.wrap_up)

    def cancel(self, call: Call) -> None:
        """The caller is given back to the agent; the engineer is free again."""
        if call.consult is None:
            raise CommandRefused("wrong_state", state=call.state.value)
        self._drop(call, call.consult, "cancelled")

    def engineer_left(self, call: Call) -> None:
        """He logged out: the agent goes on alone with the caller."""
        if call.consult is not None:
            self._drop(call, call.consult, "engineer_left")

    def bring_caller(self, call: Call, room: str) -> None:
        """Out of his music, to those who are in the room."""
        customer, place = call.customer, Place("cti-room-caller", room)
        call.in_room, call.holding = room, False
        self._house.act(
            call, lambda: self._house.telephony.redirect(customer, place), lambda _error: self._not_brought(call, room)
        )

    def _not_brought(self, call: Call, room: str) -> None:
        """The switch refused: he is where he was, and is sent again when the core has compared."""
        self._house.doubt()
        if call.in_room == room:
            call.in_room = ""

    def _drop(self, call: Call, consult: Consult, why: str) -> None:
        """The engineer is out of it. A caller on music joins the agent in the room: Bridge cannot take a leg out of a room."""
        if call.consult is not consult:
            return
        self._house.timers.cancel(f"consult:{call.id}")
        engineer, was_three_way = self._house.floor.agents[consult.engineer], consult.state == "three_way"
        call.consult, call.moving = None, ""
        self._house.recorder.emit(FactKind.CONSULT_CANCELLED, call=call, agent=consult.agent, engineer=engineer.id, why=why)
        if self._house.floor.call_of_leg(consult.leg) is call:
            self._house.floor.unbind_leg(consult.leg)
            self._house.act(call, lambda: self._house.telephony.hangup(consult.leg))
        self.free(engineer, call, why)
        agent = self._house.floor.agents[consult.agent]
        if agent.state is AgentState.CONSULTING:
            self._sessions.move(agent, AgentEvent.CONSULT_END)
        if why == "failed" and not consult.apart:  # the switch did not take them apart: there is nobody to bring him to
            self._house.doubt()
        elif call.state is CallState.TALKING and not was_three_way:
            self.bring_caller(call, consult.room)

    def free(self, engineer: Agent, call: Call, why: str) -> None:
        """He is out of it."""
        if engineer.call != call.id:
            return
        engineer.call = None
        if engineer.state in (AgentState.RINGING, AgentState.ON_CALL):
            self._back_to_work(engineer, why)
        for listener in self.on_freed:
            listener(engineer)

    def _back_to_work(self, engineer: Agent, why: str) -> None:
        """READY again, unless he let it ring or chose a break for after it."""
        (state, reason), engineer.next = engineer.next or (AgentState.READY, ""), None
        if engineer.state is AgentState.RINGING and why == "no_answer":
            self._sessions.move(engineer, AgentEvent.NO_ANSWER, why)
        else:
            self._sessions.move(engineer, AgentEvent.GO_AUX if state is AgentState.AUX else AgentEvent.RELEASE, reason)

    def _call_ended(self, call: Call) -> None:
        """The caller hung up, or the agent's page is gone: the engineer is free again."""
        consult = call.consult
        if consult is None:
            return
        self._house.timers.cancel(f"consult:{call.id}")
        call.consult = None
        self._house.floor.unbind_leg(consult.leg)
        self._house.act(call, lambda: self._house.telephony.hangup(consult.leg))
        self.free(self._house.floor.agents[consult.engineer], call, "caller_gone")
