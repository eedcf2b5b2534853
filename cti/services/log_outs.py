"""The end of a shift in the middle of something: nobody waits for an agent who has gone home."""

from __future__ import annotations

from cti.calls.call_states import CallState
from cti.services.consults import Consults
from cti.services.house import House
from cti.services.offers import Offers
from cti.services.sessions import AgentSessions
from cti.services.state import Agent, Call
from cti.services.talks import HOLD, WITH_AGENT, Talks
from routing.model import events as ev


class LogOuts:
    """A caller of his is offered on at once, a ring ends, a consult goes back to who asked. What he gave away stays as it is."""

    def __init__(self, house: House, sessions: AgentSessions, offers: Offers, talks: Talks, consults: Consults) -> None:
        self._house, self._offers, self._talks, self._consults = house, offers, talks, consults
        sessions.on_log_out.append(self._leave)
        sessions.on_logged_out.append(self._left)

    def _leave(self, agent: Agent) -> None:
        call = self._house.floor.call_of_agent(agent)
        if call is not None and call.consult is not None and call.consult.engineer == agent.id:
            self._consults.engineer_left(call)
            call = self._house.floor.call_of_agent(agent)  # free for a moment: he may have been offered the next
        if call is None:
            return
        if call.offer is not None and call.offer.agent == agent.id:
            self._end_offer(call)
        elif call.record.holder == agent.id and call.state is CallState.DIALLING:
            self._talks.hang_up(call, "agent")
        elif call.record.holder == agent.id and call.state in WITH_AGENT:
            self._talks.lose_agent(call, agent, "logged_out")

    def _left(self, agent: Agent, call: Call) -> None:
        if call.kept_for == agent.id:
            back = call.offer is not None and call.offer.resume
            self._talks.give_on(call)
            if back:
                self._to_hold(call)
        self._talks.release(call)

    def _to_hold(self, call: Call) -> None:
        """Else the phone would ring on in an empty room."""
        customer = call.customer
        self._house.act(call, lambda: self._house.telephony.redirect(customer, HOLD))

    def _end_offer(self, call: Call) -> None:
        offer = call.offer
        if offer is None or offer.resume:
            return
        self._offers.fail(call, offer, ev.OfferFailure.FAILED, "logged_out")
        if offer.ringing:
            self._to_hold(call)
