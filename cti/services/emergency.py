"""The emergency path is kept ready while all is well: the heartbeat that tells the dialplan the core lives, and the members of
the plain `Queue(fallback)`. If this process dies, the same people ring."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from cti.calls.agent_states import AgentState
from cti.ports.telephony import Snapshot, TelephonyError
from cti.services.house import House
from cti.services.sessions import AgentSessions
from cti.services.state import Agent

log = structlog.get_logger("cti.emergency")
QUEUE = "fallback"
# READY, or busy with a call: app_queue rings nobody whose device is in use. Who writes up a call is a member too (ADR 0007).
MEMBERS = (
    *(AgentState.READY, AgentState.RESERVED, AgentState.RINGING),
    *(AgentState.ON_CALL, AgentState.CONSULTING, AgentState.WRAP_UP),
)


class Emergency:
    """Heartbeat and members. `beating` is asked before each beat: a core that cannot journal lets its callers go."""

    def __init__(self, house: House, sessions: AgentSessions, pat: Callable[[], None], beating: Callable[[], bool]) -> None:
        self._house, self._pat, self._beating = house, pat, beating
        self._members: dict[str, str] = {}  # interface -> agent
        self._count = 0
        sessions.on_change.append(self.follow)

    async def beat(self) -> None:
        """Count up every two seconds and pat the supervisor. The pat never waits for the switch."""
        while True:
            self._pat()
            if self._beating():
                self._count += 1
                await self._write()
            await asyncio.sleep(self._house.limits.heartbeat)

    async def _write(self) -> None:
        try:
            async with asyncio.timeout(self._house.limits.heartbeat / 2):
                await self._house.telephony.set_variable(None, "CTI_HB", f"{self._house.epoch[:8]}{self._count}")
        except (TelephonyError, TimeoutError) as error:
            log.warning("heartbeat not written", action="heartbeat_failed", error=str(error))

    def follow(self, agent: Agent, _old: AgentState) -> None:
        """One agent changed: his membership follows."""
        wanted = f"PJSIP/{agent.endpoint}" if agent.state in MEMBERS and agent.registered and agent.endpoint else ""
        for interface in [i for i, owner in self._members.items() if owner == agent.id and i != wanted]:
            del self._members[interface]
            self._later(self._house.telephony.queue_remove, interface)
        if wanted and wanted not in self._members:
            self._members[wanted] = agent.id
            self._later(self._house.telephony.queue_add, wanted)

    def _later(self, action: Callable[[str, str], Awaitable[None]], interface: str) -> None:
        async def act() -> None:
            await action(QUEUE, interface)

        self._house.effects.later("emergency-queue", act)

    def compare(self, snapshot: Snapshot) -> None:
        """After a reconnect: what the switch has against what it should have. Static numbers (Local/…) stay."""
        wanted = {
            f"PJSIP/{agent.endpoint}": agent.id
            for agent in self._house.floor.agents.values()
            if agent.state in MEMBERS and agent.registered and agent.endpoint
        }
        there = {member for member in snapshot.queue_members if member.startswith("PJSIP/") and "@" not in member}
        for interface in there - wanted.keys():
            self._later(self._house.telephony.queue_remove, interface)
        for interface in wanted.keys() - there:
            self._later(self._house.telephony.queue_add, interface)
        self._members = wanted
