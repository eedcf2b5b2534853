"""What the core knows now: calls and agents, found by id, leg, end point and page. Only the services of this folder change it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import datetime

from cti.calls.agent_states import AgentState
from cti.calls.call_states import CallState
from cti.calls.facts import JsonValue
from cti.calls.record import CallRecord
from cti.ports.accounts import EndpointClass


@dataclass(slots=True, kw_only=True)
class Agent:
    """An agent or hotline engineer at work."""

    id: str
    user: str
    name: str
    number: str
    role: str
    team: str
    skills: dict[str, int]
    state: AgentState = AgentState.LOGGED_OUT
    reason: str = ""
    since: datetime
    idle_since: float = 0.0  # monotonic; order of "longest idle"
    call: str | None = None
    next: tuple[AgentState, str] | None = None
    page: str | None = None
    silent: bool = False  # his page is frozen: its heartbeat has stopped
    endpoint: str = ""
    softphone_page: str = ""  # the page that has this end point: a reload gets another
    endpoint_class: EndpointClass = EndpointClass.WEBRTC
    registered: bool = False
    wrap_up_until: datetime | None = None
    before_lost: AgentState | None = None

    @property
    def reachable(self) -> bool:
        """Page and softphone are both there; the plain class (loopback, load) has no page."""
        page_alive = self.page is not None and not self.silent
        return bool(self.endpoint) and self.registered and (page_alive or self.endpoint_class is EndpointClass.PLAIN)


@dataclass(slots=True, kw_only=True)
class OfferInProgress:
    """An offer from its making to its answer or end."""

    id: str
    agent: str
    generation: int
    reasons: list[dict[str, JsonValue]]
    nonce: str = ""
    ringing: bool = False
    resume: bool = False
    consult: bool = False


@dataclass(slots=True, kw_only=True)
class Consult:
    """A consult in a room: the agent and the engineer meet there, the caller joins or waits."""

    room: str
    agent: str
    engineer: str
    since: datetime
    leg: str = ""  # the engineer's, our ChannelId
    state: str = "ringing"  # ringing | talking | three_way
    apart: bool = False  # the caller is on music and the agent on his way into the room


@dataclass(slots=True)
class Joining:
    """The legs that are still on their way into a bridge."""

    legs: set[str]
    done: asyncio.Event = field(default_factory=asyncio.Event)


@dataclass(slots=True, kw_only=True)
class Call:
    """A call that is alive (or in wrap-up). Its lasting part is `record`, the fold of its facts."""

    id: str
    record: CallRecord
    since: datetime
    touched: datetime | None = None  # when its last fact was emitted
    customer: str = ""  # Uniqueid of the customer's leg
    agent_leg: str = ""
    endpoint: str = ""  # the account that the agent answered with
    holding: bool = False  # music runs in cti-hold: a Redirect is safe
    agent_parked: bool = False  # the agent's leg has arrived in cti-agenthold
    wanted_back: bool = False  # resume was asked for before both had arrived
    skills: frozenset[str] = frozenset()
    entered: float = 0.0  # monotonic, queue entry: his place
    offer: OfferInProgress | None = None
    consult: Consult | None = None
    in_room: str = ""  # the customer talks in this room (after a consult)
    recording: str = "off"
    hung_up_by: str = ""  # the first who asked for the end
    kept_for: str = ""  # the agent who was lost and may come back
    kept_until: datetime | None = None
    candidates: list[dict[str, JsonValue]] = field(default_factory=list)
    reasons: list[dict[str, JsonValue]] = field(default_factory=list)
    moving: str = ""  # why the agent's leg is being taken away by us: hold, transfer, consult …
    joining: Joining | None = None  # Dial has answered, and both legs are not in their bridge yet

    @property
    def state(self) -> CallState:
        """From the facts."""
        return self.record.state


class Floor:
    """All calls and agents of one switch, with the indexes that events need."""

    def __init__(self) -> None:
        self.calls: dict[str, Call] = {}
        self.doubted: float | None = None  # monotonic: the switch did not do what it was asked, since then
        self.agents: dict[str, Agent] = {}
        self._by_leg: dict[str, str] = {}
        self._by_endpoint: dict[str, str] = {}
        self._by_page: dict[str, str] = {}

    def add_call(self, call: Call) -> None:
        """A new call."""
        self.calls[call.id] = call

    def drop_call(self, call: Call) -> None:
        """Forget a call and its legs."""
        self.calls.pop(call.id, None)
        for leg in [leg for leg, owner in self._by_leg.items() if owner == call.id]:
            del self._by_leg[leg]

    def bind_leg(self, leg: str, call: Call) -> None:
        """This Uniqueid belongs to this call."""
        if leg:
            self._by_leg[leg] = call.id

    def unbind_leg(self, leg: str) -> None:
        """The leg is gone."""
        self._by_leg.pop(leg, None)

    def call_of_leg(self, leg: str) -> Call | None:
        """The call of a Uniqueid."""
        return self.calls.get(self._by_leg.get(leg, ""))

    def find_call(self, call: str, leg: str = "") -> Call | None:
        """By the call's id as the channel carries it, else by the leg."""
        return self.calls.get(call) or self.call_of_leg(leg)

    def bind_endpoint(self, agent: Agent, endpoint: str) -> None:
        """The agent's softphone from now on; the old name is forgotten."""
        self._by_endpoint.pop(agent.endpoint, None)
        agent.endpoint = endpoint
        if endpoint:
            self._by_endpoint[endpoint] = agent.id

    def agent_of_endpoint(self, endpoint: str) -> Agent | None:
        """Who has this softphone."""
        return self.agents.get(self._by_endpoint.get(endpoint, ""))

    def bind_page(self, agent: Agent, page: str | None) -> None:
        """The page that leads for this agent."""
        if agent.page is not None:
            self._by_page.pop(agent.page, None)
        agent.page = page
        if page is not None:
            self._by_page[page] = agent.id

    def agent_of_page(self, page: str) -> Agent | None:
        """Whose leading page this is."""
        return self.agents.get(self._by_page.get(page, ""))

    def call_of_agent(self, agent: Agent) -> Call | None:
        """The call an agent is bound to."""
        return self.calls.get(agent.call or "")
