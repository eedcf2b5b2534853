"""When a log-in ends, the agent's shift ends with it: his softphone's account must be dead within 5 s.

A core that is away cannot kill it; the relay has closed his socket by then, and the core is told as soon as it is back.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

import structlog

from agent_console.server.actor import Actor
from agent_console.server.commands import Commands
from agent_console.server.pages import Pages
from cti.bus.port import CommandRefused, CommandTimeout, CoreAway

log = structlog.get_logger("api")
Later = Callable[[Coroutine[Any, Any, None]], None]


class Departures:
    """Tells the core that agents left."""

    def __init__(self, commands: Commands, pages: Pages, later: Later) -> None:
        self._commands, self._pages, self._later = commands, pages, later
        self._pending: dict[str, Actor] = {}

    async def leave(self, actor: Actor) -> None:
        """Unless another log-in of his (another browser) has the leading page."""
        leader = self._pages.leader(actor.agent)
        if not actor.agent or (leader is not None and leader.actor.session != actor.session):
            return
        try:
            await self._commands.send(actor, "", f"logout-{actor.session[:32]}", "agent.logout", {})
        except (CoreAway, CommandTimeout):
            self._pending[actor.agent] = actor
            log.warning("an agent left while the core is away; it is told later", action="logout_waits", agent=actor.agent)
        except CommandRefused as refused:
            log.warning("the core refused a log-out", action="logout_refused", agent=actor.agent, code=refused.code)

    def core_up(self) -> None:
        """Tell what waited, except of who is back at work meanwhile."""
        pending, self._pending = self._pending, {}
        for agent, actor in pending.items():
            if self._pages.leader(agent) is None:
                self._later(self.leave(actor))
