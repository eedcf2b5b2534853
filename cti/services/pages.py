"""What the api tells of pages: opened, acknowledged, silent, gone; and of itself: away, back with the list of live pages."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from cti.calls.agent_states import AgentEvent, AgentState
from cti.calls.call_states import CallState
from cti.ports.accounts import EndpointClass
from cti.services.house import House
from cti.services.offers import Offers
from cti.services.sessions import AgentSessions
from cti.services.state import Agent
from cti.services.talks import Talks
from routing.model import events as ev

API_AWAY = "api_away"


class Pages:
    """A page is proved alive by each offer; between offers by its heartbeat. The end of the bus is never the end of the pages."""

    def __init__(self, house: House, sessions: AgentSessions, offers: Offers, talks: Talks) -> None:
        self._house, self._sessions, self._offers, self._talks = house, sessions, offers, talks
        sessions.on_registered.append(self.registered)

    # ---- one page ---------------------------------------------------------------------------------------------------

    def opened(self, agent: Agent, page: str) -> None:
        """The newest page leads. An agent who is not at work begins in AUX.

        A page that was frozen, or whose line broke, comes back with the softphone it had, which never went: no registration
        will tell that his caller can be given back to him. A reloaded page's old softphone is dead.
        """
        self._house.timers.cancel(f"away:{agent.id}")
        self._house.floor.bind_page(agent, page)
        agent.silent = False
        self._sessions.log_in(agent)
        self._sessions.refresh(agent)
        self.registered(agent)
        if agent.reachable and agent.softphone_page == page:
            self._talks.agent_back(agent)

    def registered(self, agent: Agent) -> None:
        """Page and softphone may both be there again, or his caller is given on: a LOST agent without a caller is what he was
        before."""
        if agent.state is not AgentState.LOST or not agent.reachable:
            return
        if agent.before_lost is AgentState.WRAP_UP and agent.call is not None:
            self._sessions.begin_wrap_up(agent, self._house.limits.wrap_up)
            return
        if self._house.floor.call_of_agent(agent) is not None:
            return
        if agent.before_lost in (AgentState.READY, AgentState.RESERVED, AgentState.RINGING):
            self._sessions.move(agent, AgentEvent.GO_READY)
        else:
            self._sessions.move(agent, AgentEvent.PAGE_BACK, "page_back")

    def acknowledged(self, page: str, nonce: str) -> None:
        """Proof of life for an offer. One that comes too late for it says that the page is there again: its beat never stopped,
        so nothing else would say so."""
        agent = self._house.floor.agent_of_page(page)
        if not self._offers.acknowledged(page, nonce) and agent is not None and agent.reason == "page_silent":
            self.registered(agent)

    def missed(self, agent: Agent) -> None:
        """Three seconds without a heartbeat: in a call the caller is kept on music; else no calls for him."""
        agent.silent = True
        self._lose(agent, "page_silent")

    def gone(self, agent: Agent, page: str) -> None:
        """The page was closed, reloaded or crashed. Another page of his may lead already."""
        if agent.page != page:
            return
        self._house.floor.bind_page(agent, None)
        self._lose(agent, "page_gone")

    def _lose(self, agent: Agent, why: str) -> None:
        if agent.endpoint_class is EndpointClass.PLAIN and agent.endpoint:
            return
        call = self._house.floor.call_of_agent(agent)
        if agent.state in (AgentState.LOGGED_OUT, AgentState.LOST):
            return
        if call is not None and call.offer is not None and call.offer.agent == agent.id:
            self._offers.fail(call, call.offer, ev.OfferFailure.PAGE_SILENT, why)
        elif call is not None and call.record.holder == agent.id and call.state not in (CallState.ENDED, CallState.DIALLING):
            self._talks.lose_agent(call, agent, why)
        else:
            agent.before_lost = agent.state
            self._sessions.move(agent, AgentEvent.PAGE_LOST, why)

    # ---- the api ----------------------------------------------------------------------------------------------------

    def api_away(self) -> None:
        """No new offers; states and calls are untouched for a while, then agents whose page did not come back are LOST."""
        self._offers.tell(ev.Pause(on=True, why=API_AWAY))
        for agent in self._house.floor.agents.values():
            if agent.page is not None:
                self._wait_for(agent)

    def _wait_for(self, agent: Agent) -> None:
        page = agent.page or ""
        self._house.timers.start(f"away:{agent.id}", self._house.limits.api_away, lambda: self.gone(agent, page))

    def api_back(self, pages: Sequence[tuple[str, str]]) -> None:
        """`pages`: (page, agent) that are alive. After a restart of the api it is empty at first: pages come by `opened`."""
        for page, agent_id in pages:
            agent = self._house.floor.agents.get(agent_id)
            if agent is not None:
                self.opened(agent, page)
        self._offers.tell(ev.Pause(on=False, why=API_AWAY))

    def expect(self, agents: Sequence[Agent]) -> None:
        """After the core's own restart: these had a page; who does not show in time is LOST."""
        for agent in agents:
            self._house.timers.start(f"away:{agent.id}", self._house.limits.api_away, partial(self._lose, agent, "page_gone"))
