"""A page's command to the core: right of the role first, then over the bus. The core checks again what only it knows."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping
from typing import Any

import structlog

from agent_console.server.actor import Actor
from agent_console.server.audit import Audit
from agent_console.server.errors import ApiError
from agent_console.server.policy import may_command
from cti.bus.messages import Actor as BusActor
from cti.bus.messages import Command
from cti.bus.port import BusClient
from cti.calls.facts import JsonValue
from storage.errors import DatabaseAway

log = structlog.get_logger("api")
AUDITED = {"call.dial": "call.originate", "record.pause": "recording.pause", "record.resume": "recording.resume"}
ID_AT_MOST = 64
Later = Callable[[Coroutine[Any, Any, None]], None]


class Commands:
    """Sends commands. `later` runs what must not delay the answer (the audit of a click-to-dial)."""

    def __init__(self, bus: BusClient, audit: Audit, later: Later) -> None:
        self._bus, self._audit, self._later = bus, audit, later

    async def from_page(self, actor: Actor, page: str, command_id: object, name: object, args: object) -> JsonValue:
        """As it came from a socket. Raises ApiError and what the bus raises."""
        if not isinstance(command_id, str) or not 0 < len(command_id) <= ID_AT_MOST or not command_id.isprintable():
            raise ApiError("invalid_value", field="id")
        if not isinstance(name, str) or not may_command(actor.role, name):
            raise ApiError("not_allowed")
        if not isinstance(args, dict):
            raise ApiError("invalid_value", field="args")
        result = await self.send(actor, page, command_id, name, args)
        if name in AUDITED:
            self._later(self._note(AUDITED[name], actor, name, args, result))
        return result

    async def send(self, actor: Actor, page: str, command_id: str, name: str, args: Mapping[str, Any]) -> JsonValue:
        """For routes that checked the right themselves. The user is part of the id: nobody gets another's answer."""
        who = BusActor(actor.user, actor.role.value, actor.agent, actor.team or "")
        return await self._bus.command(Command(f"{actor.user}/{command_id}", who, page, name, args))

    async def _note(self, action: str, actor: Actor, name: str, args: Mapping[str, Any], result: JsonValue) -> None:
        """The journal has the call itself; a database that is away stops no call."""
        call = args.get("call") or (result.get("call") if isinstance(result, dict) else None)
        links = {key: args[key] for key in ("owner", "ticket", "callback") if args.get(key)}
        try:
            await self._audit.record(action, actor, about=str(call or ""), data=links)
        except DatabaseAway:
            log.warning("a line of the audit could not be written", action="audit_missed", command=name, user=actor.user)
