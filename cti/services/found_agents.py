"""Agents beside a snapshot of the switch: states that cannot be true any more, and legs at whose other end nobody is."""

from __future__ import annotations

import structlog

from cti.calls.agent_states import AgentEvent, AgentState
from cti.calls.call_states import CallState
from cti.ports.telephony import Snapshot
from cti.services.house import House
from cti.services.sessions import AgentSessions
from cti.services.state import Agent

log = structlog.get_logger("cti.resync")
TRUNK = "trunk"


class FoundAgents:
    """The agents' part of a comparison (Resync)."""

    def __init__(self, house: House, sessions: AgentSessions) -> None:
        self._house, self._sessions = house, sessions

    def compare(self, agent: Agent, snapshot: Snapshot, *, restarted: bool) -> None:
        """His state follows from his legs where the journal's picture cannot be true any more."""
        call = self._house.floor.call_of_agent(agent)
        if agent.state in (AgentState.RESERVED, AgentState.RINGING) and not self._rings(agent, snapshot):
            agent.call = None
            self._sessions.move(agent, AgentEvent.RELEASE)
        elif agent.state in (AgentState.ON_CALL, AgentState.CONSULTING) and (call is None or call.state is CallState.ENDED):
            self._sessions.begin_wrap_up(agent, self._house.limits.wrap_up)
        if restarted and not self._sessions.softphones.lives_on(agent.endpoint):
            self._house.floor.bind_endpoint(agent, "")
            agent.registered = False
            if agent.state is AgentState.READY:
                agent.before_lost = AgentState.READY
                self._sessions.move(agent, AgentEvent.PAGE_LOST, "pbx_restart")

    @staticmethod
    def _rings(agent: Agent, snapshot: Snapshot) -> bool:
        return bool(agent.endpoint) and any(row.endpoint == agent.endpoint for row in snapshot.channels)

    def orphans(self, snapshot: Snapshot) -> None:
        """Agents' legs that belong to no living call and to no bridge: nobody is at the other end."""
        for row in snapshot.channels:
            if row.endpoint == TRUNK or row.bridge or row.context not in ("cti-agenthold", "cti-room-agent"):
                continue
            call = self._house.floor.calls.get(row.call)
            if call is None or call.state is CallState.ENDED:
                log.info("orphan leg hung up", action="orphan_leg", uniqueid=row.uniqueid)
                self._hang_up(row.uniqueid)

    def _hang_up(self, uniqueid: str) -> None:
        self._house.effects.later("orphans", lambda: self._house.telephony.hangup(uniqueid))
