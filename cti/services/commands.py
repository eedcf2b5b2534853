"""The commands of docs/protocol.md section 2 as one table: name → who may, and what it does. Another name is refused."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from cti.calls.agent_states import AgentState
from cti.calls.facts import FactKind, JsonValue
from cti.ports.accounts import EndpointClass
from cti.ports.consoles import CommandRefused
from cti.services.consults import Consults
from cti.services.dialing import Dialing
from cti.services.entities import agent_entity
from cti.services.holds import Holds
from cti.services.house import House
from cti.services.pauses import Pauses
from cti.services.sessions import AgentSessions
from cti.services.state import Agent, Call
from cti.services.talks import Talks
from cti.services.transfers import Transfers

AT_DESK = frozenset({"agent", "hotline_engineer"})
_CONTROL = {chr(code) for code in (*range(32), 127)}


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks, as the api's session knows him."""

    user: str
    role: str
    agent: str
    page: str


Args = Mapping[str, JsonValue]
Handler = Callable[[Agent, Args], JsonValue | Awaitable[JsonValue]]


def text(args: Args, name: str, *, limit: int = 200, needed: bool = True) -> str:
    """A single-line text a user entered. Control characters are refused, never stripped silently."""
    value = args.get(name)
    if value is None or value == "":
        if needed:
            raise CommandRefused("invalid_value", field=name)
        return ""
    if not isinstance(value, str) or len(value) > limit or _CONTROL & set(value):
        raise CommandRefused("invalid_value", field=name)
    return value


class Commands:
    """Carries out what agents and engineers ask for."""

    def __init__(
        self,
        house: House,
        sessions: AgentSessions,
        talks: Talks,
        holds: Holds,
        consults: Consults,
        transfers: Transfers,
        dialing: Dialing,
    ) -> None:
        self._house, self._sessions, self._talks, self._holds = house, sessions, talks, holds
        self._consults, self._transfers, self._dialing = consults, transfers, dialing
        pauses = Pauses(house)
        self.table: dict[str, Handler] = {
            "agent.login": self._log_in,
            "agent.logout": self._log_out,
            "agent.state": self._state,
            "softphone.mint": self._mint,
            "softphone.registered": self._registered,
            "call.hold": self._on_call(self._holds.hold),
            "call.resume": self._on_call(self._holds.resume),
            "call.hangup": self._on_call(lambda call: self._talks.hang_up(call, "agent")),
            "call.blind": self._blind,
            "call.dial": self._dial,
            "call.owner": self._owner,
            "call.ticket": self._ticket,
            "consult.start": self._consult,
            "consult.complete": self._on_call(self._consults.complete),
            "consult.cancel": self._on_call(self._consults.cancel),
            "consult.three_way": self._on_call(self._consults.three_way),
            "record.pause": self._on_call(lambda call: pauses.set_paused(call, paused=True)),
            "record.resume": self._on_call(lambda call: pauses.set_paused(call, paused=False)),
            "wrapup.extend": self._extend,
            "wrapup.finish": self._finish,
            "wrapup.owner": self._late_owner,
        }

    async def run(self, asker: Asker, name: str, args: Args) -> JsonValue:
        """Raise CommandRefused, or the telephony port's errors."""
        handler = self.table.get(name)
        agent = self._house.floor.agents.get(asker.agent)
        if handler is None or asker.role not in AT_DESK or agent is None:
            raise CommandRefused("not_allowed", command=name[:40])
        result = handler(agent, args)
        return await result if isinstance(result, Awaitable) else result

    # ---- the agent himself ------------------------------------------------------------------------------------------

    def _log_in(self, agent: Agent, _args: Args) -> JsonValue:
        self._sessions.log_in(agent)
        return agent_entity(agent)

    def _log_out(self, agent: Agent, _args: Args) -> JsonValue:
        self._sessions.log_out(agent)
        return None

    def _state(self, agent: Agent, args: Args) -> JsonValue:
        wanted = text(args, "state")
        if wanted not in set(AgentState):
            raise CommandRefused("invalid_value", field="state")
        self._sessions.choose(agent, AgentState(wanted), text(args, "reason", limit=40, needed=False))
        return agent_entity(agent)

    async def _mint(self, agent: Agent, args: Args) -> JsonValue:
        kind = text(args, "kind", needed=False) or EndpointClass.WEBRTC.value
        if kind not in set(EndpointClass):
            raise CommandRefused("invalid_value", field="kind")
        return await self._sessions.mint(agent, text(args, "page"), EndpointClass(kind))

    def _registered(self, agent: Agent, args: Args) -> JsonValue:
        """The page says so; ContactStatus says it too, and either may come first (a restarted core missed the event)."""
        if text(args, "endpoint") == agent.endpoint:
            self._sessions.contact(agent.endpoint, reachable=True)
        return None

    # ---- his call ---------------------------------------------------------------------------------------------------

    def _call(self, agent: Agent, args: Args) -> Call:
        call = self._house.floor.calls.get(text(args, "call"))
        if call is None or agent.call != call.id:
            raise CommandRefused("no_such_call")
        return call

    def _held(self, agent: Agent, args: Args) -> Call:
        """A call that he steers: neither one that he gave away and wraps up, nor one for which he was only asked."""
        call = self._call(agent, args)
        if call.record.holder != agent.id:
            raise CommandRefused("not_allowed")
        return call

    def _noted(self, agent: Agent, args: Args) -> Call:
        """A call that he may say something of: also in his wrap-up, but not as the engineer who was only asked."""
        call = self._call(agent, args)
        if call.consult is not None and call.consult.engineer == agent.id:
            raise CommandRefused("not_allowed")
        return call

    def _on_call(self, action: Callable[[Call], None]) -> Handler:
        def run(agent: Agent, args: Args) -> JsonValue:
            action(self._held(agent, args))
            return None

        return run

    def _blind(self, agent: Agent, args: Args) -> JsonValue:
        target = args.get("target")
        if not isinstance(target, Mapping):
            raise CommandRefused("invalid_value", field="target")
        self._transfers.blind(self._held(agent, args), text(target, "kind"), text(target, "id"))
        return None

    def _dial(self, agent: Agent, args: Args) -> JsonValue:
        links = {name: value for name in ("owner", "ticket", "callback") if (value := text(args, name, needed=False))}
        return {"call": self._dialing.dial(agent, text(args, "number", limit=40), links).id}

    def _owner(self, agent: Agent, args: Args) -> JsonValue:
        call = self._noted(agent, args)
        self._house.recorder.emit(FactKind.OWNER_CHOSEN, call=call, agent=agent.id, owner=text(args, "owner"), by="agent")
        return None

    def _ticket(self, agent: Agent, args: Args) -> JsonValue:
        call = self._noted(agent, args)
        self._house.recorder.emit(FactKind.TICKET_LINKED, call=call, agent=agent.id, ticket=text(args, "ticket"))
        return None

    def _consult(self, agent: Agent, args: Args) -> JsonValue:
        target = args.get("target")
        wanted = text(target, "id") if isinstance(target, Mapping) and target.get("kind") == "agent" else None
        call = self._held(agent, args)
        return {"engineer": self._consults.start(call, wanted).id}

    # ---- after it ---------------------------------------------------------------------------------------------------

    def _extend(self, agent: Agent, args: Args) -> JsonValue:
        seconds = args.get("seconds", 30)
        if not isinstance(seconds, int) or seconds <= 0:
            raise CommandRefused("invalid_value", field="seconds")
        self._sessions.extend_wrap_up(agent, seconds)
        return agent_entity(agent)

    def _finish(self, agent: Agent, args: Args) -> JsonValue:
        """The api has written the rows; the fact and the next status follow."""
        call = self._noted(agent, args)
        self._house.recorder.emit(FactKind.DISPOSED, call=call, agent=agent.id, disposition=text(args, "disposition"))
        ticket = text(args, "ticket", needed=False)
        if ticket:
            self._house.recorder.emit(FactKind.TICKET_LINKED, call=call, agent=agent.id, ticket=ticket)
        if agent.state is AgentState.WRAP_UP:
            self._sessions.end_wrap_up(agent)
        return None

    def _late_owner(self, agent: Agent, args: Args) -> JsonValue:
        """The api has looked whose call it was: it may be a colleague's by now, or have left the floor."""
        call_id, owner = text(args, "call"), text(args, "owner")
        call = self._house.floor.calls.get(call_id)
        if call is None:
            self._house.recorder.late(FactKind.OWNER_CHOSEN, call_id, agent.id, owner=owner, by="agent")
        elif call.consult is not None and call.consult.engineer == agent.id:
            raise CommandRefused("not_allowed")
        else:
            self._house.recorder.emit(FactKind.OWNER_CHOSEN, call=call, agent=agent.id, owner=owner, by="agent")
        return None
