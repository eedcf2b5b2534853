"""A core that comes back in the middle of a consult: who meets whom in which room, and which engineer's phone still rings.

An originated leg has the room's context only after its answer, so an engineer is known by his end point, wherever his leg is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cti.calls.agent_states import AgentEvent, AgentState
from cti.calls.call_states import CallState
from cti.calls.facts import FactKind
from cti.ports.telephony import ChannelRow
from cti.services.consults import Consults
from cti.services.house import House
from cti.services.sessions import AgentSessions
from cti.services.state import Agent, Call, Consult

ROOM_OF_AGENTS, ROOM_OF_CALLER = "cti-room-agent", "cti-room-caller"
ASKED = (AgentState.RESERVED, AgentState.RINGING, AgentState.ON_CALL, AgentState.LOST)


@dataclass(frozen=True, slots=True)
class _Legs:
    """Of one call: its agent's in a room, an engineer's, and where the caller is."""

    agent: ChannelRow | None
    engineer: ChannelRow | None
    caller_at: str

    @property
    def caller_in(self) -> bool:
        return self.caller_at == ROOM_OF_CALLER

    @property
    def engineer_in(self) -> bool:
        return self.engineer is not None and self.engineer.application == "ConfBridge"


class FoundConsults:
    """`found` is asked for each living call of a snapshot; of a consult that is known only the caller's place is looked at."""

    def __init__(self, house: House, sessions: AgentSessions, consults: Consults) -> None:
        self._house, self._sessions, self._consults = house, sessions, consults

    def found(self, call: Call, rows: Sequence[ChannelRow]) -> None:
        """Bind what is there; what the journal says and the switch has no more is over."""
        agent = self._house.floor.agents.get(call.record.holder)
        if agent is None:
            return
        legs = self._legs(call, agent, [row for row in rows if row.call == call.id])
        if not legs.caller_in:
            call.in_room = ""
        if call.consult is None:
            self._unknown(call, agent, legs)
        elif call.state is CallState.CONFERENCE:  # he was sent to both, and did not come
            self._join(call, legs)

    def _unknown(self, call: Call, agent: Agent, legs: _Legs) -> None:
        if legs.agent is not None:
            call.agent_leg, call.in_room = legs.agent.uniqueid, legs.agent.exten if legs.caller_in else ""
            self._house.floor.bind_leg(call.agent_leg, call)
        if call.state in (CallState.CONSULTING, CallState.CONFERENCE):
            self._consulting(call, agent, legs)
        elif call.state is CallState.TALKING:
            if legs.engineer is not None and legs.engineer_in:  # who gave the caller over, or was asked: he has no part in it now
                self._hang_up(call, legs.engineer.uniqueid)
            self._join(call, legs)

    def _legs(self, call: Call, agent: Agent, rows: Sequence[ChannelRow]) -> _Legs:
        others = [a.endpoint for a in self._house.floor.agents.values() if a.endpoint and a is not agent]
        return _Legs(
            agent=next((row for row in rows if row.endpoint == agent.endpoint and row.context == ROOM_OF_AGENTS), None),
            engineer=next((row for row in rows if row.endpoint in others), None),
            caller_at=next((row.context for row in rows if row.uniqueid == call.customer), ""),
        )

    def _consulting(self, call: Call, agent: Agent, legs: _Legs) -> None:
        engineer = self._house.floor.agent_of_endpoint(legs.engineer.endpoint) if legs.engineer is not None else None
        room = next((leg.exten for leg in (legs.agent, legs.engineer) if leg is not None and leg.context == ROOM_OF_AGENTS), "")
        if legs.engineer is None or engineer is None or not room or (legs.agent is None and not legs.engineer_in):
            self._over(call, agent, legs)
            return
        leg = legs.engineer.uniqueid
        call.consult = Consult(room=room, agent=agent.id, engineer=engineer.id, since=self._house.clock.now(), leg=leg)
        self._house.floor.bind_leg(leg, call)
        if legs.engineer_in:
            self._met(call, call.consult, engineer, legs)
        else:
            self._consults.ring_until_answered(call, call.consult)

    def _met(self, call: Call, consult: Consult, engineer: Agent, legs: _Legs) -> None:
        if engineer.state is AgentState.RINGING:
            self._consults.answered(call, consult, engineer, self._house.clock.now())
        consult.state = "three_way" if legs.caller_in else "talking"
        if legs.agent is None:  # he left the caller to the engineer
            call.in_room = consult.room if legs.caller_in else ""
            self._consults.complete(call)
        elif call.state is CallState.CONFERENCE:
            consult.state = "three_way"
            self._join(call, legs)

    def _over(self, call: Call, agent: Agent, legs: _Legs) -> None:
        """The engineer is not there any more, or there is nobody whom he could meet."""
        agents = self._house.floor.agents.values()
        engineer = next((a for a in agents if a.call == call.id and a is not agent and a.state in ASKED), None)
        self._house.recorder.emit(
            FactKind.CONSULT_CANCELLED,
            call=call,
            agent=agent.id,
            engineer=engineer.id if engineer is not None else "",
            why="lost_while_away",
        )
        if legs.engineer is not None:
            self._hang_up(call, legs.engineer.uniqueid)
        if engineer is not None:
            self._consults.free(engineer, call, "lost_while_away")
        if agent.state is AgentState.CONSULTING:
            self._sessions.move(agent, AgentEvent.CONSULT_END)
        self._join(call, legs)

    def _hang_up(self, call: Call, leg: str) -> None:
        self._house.act(call, lambda: self._house.telephony.hangup(leg))

    def _join(self, call: Call, legs: _Legs) -> None:
        """An agent who waits in the room gets the caller, who hears music."""
        if legs.agent is not None and legs.caller_at == "cti-hold":
            self._consults.bring_caller(call, legs.agent.exten)
