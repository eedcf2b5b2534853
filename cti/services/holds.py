"""Hold and resume: customer and agent wait in contexts of their own, and a Bridge brings them together again."""

from __future__ import annotations

from collections.abc import Sequence

from cti.calls.call_states import CallState
from cti.calls.facts import FactKind
from cti.ports.consoles import CommandRefused
from cti.ports.telephony import ChannelRow, Place, UserEvent
from cti.services.house import House
from cti.services.state import Call
from cti.services.talks import HOLD

AGENT_HOLD = Place("cti-agenthold")


class Holds:
    """A call that its agent put on hold."""

    def __init__(self, house: House) -> None:
        self._house = house

    def hold(self, call: Call) -> None:
        """The customer hears music, the agent silence. Out of a room (after a consult) as well: its legs leave it."""
        if call.state is not CallState.TALKING or not call.agent_leg:
            raise CommandRefused("wrong_state", state=call.state.value)
        call.moving, call.in_room = "hold", ""
        call.holding = call.agent_parked = call.wanted_back = False
        self._house.recorder.emit(FactKind.CALL_HELD, call=call, agent=call.record.holder)
        customer, leg, telephony = call.customer, call.agent_leg, self._house.telephony

        async def act() -> None:
            await self._house.joined(call)
            await telephony.redirect(customer, HOLD, (leg, AGENT_HOLD))

        self._house.act(call, act, lambda _error: self._not_held(call))

    def _not_held(self, call: Call) -> None:
        """The switch refused: most likely they talk on."""
        self._house.doubt()
        if call.state is CallState.HELD:
            call.moving = ""
            self._house.recorder.emit(FactKind.CALL_RESUMED, call=call, agent=call.record.holder)

    def resume(self, call: Call) -> None:
        """Both talk again, as soon as both have arrived where they wait: a Bridge before that loses a leg."""
        if call.state is not CallState.HELD:
            raise CommandRefused("wrong_state", state=call.state.value)
        call.wanted_back = True
        self.settled(call)

    def parked(self, event: UserEvent) -> None:
        """`CTIAgentHold`: the agent's leg has arrived."""
        call = self._house.floor.find_call(event.call, event.uniqueid)
        if call is not None and event.uniqueid == call.agent_leg:
            call.agent_parked = True
            self.settled(call)

    def found(self, call: Call, rows: Sequence[ChannelRow]) -> None:
        """A core that comes back: the leg that waits for this held call."""
        for row in rows:
            if row.call == call.id and row.context == AGENT_HOLD.context:
                call.agent_leg, call.agent_parked = row.uniqueid, True
                self._house.floor.bind_leg(row.uniqueid, call)

    def settled(self, call: Call) -> None:
        """One more of both has arrived. The legs are set to `talk` first, so that who is left after it goes the right way."""
        if call.state is not CallState.HELD or not (call.holding and call.agent_parked):
            return
        call.moving = ""  # from now on a leg that ends is an end, and no step of ours
        if not call.wanted_back:
            return
        call.wanted_back = False
        self._house.recorder.emit(FactKind.CALL_RESUMED, call=call, agent=call.record.holder)
        customer, leg, telephony = call.customer, call.agent_leg, self._house.telephony

        async def act() -> None:
            for each in (customer, leg):
                await telephony.set_variable(each, "CTI_STATE", "talk")
            await telephony.bridge(customer, leg)

        self._house.act(call, act, lambda _error: self._not_resumed(call, customer, leg))

    def _not_resumed(self, call: Call, customer: str, leg: str) -> None:
        """The switch refused: both still wait, and would leave their loops as after a conversation. The agent may try again."""
        self._house.doubt()
        if call.state is not CallState.TALKING or (call.customer, call.agent_leg) != (customer, leg):
            return
        self._house.recorder.emit(FactKind.CALL_HELD, call=call, agent=call.record.holder)
        telephony = self._house.telephony

        async def act() -> None:
            for each in (customer, leg):
                await telephony.set_variable(each, "CTI_STATE", "hold")

        self._house.act(call, act)
