"""What the ACD is told. Every event may come late or twice (AMI does both): an unknown call, agent or offer is no error.

Moments are seconds on one axis of the caller's choice, the same for `now`, `entered_at`, `idle_since` and `until`.
Skills are plain words; a queue's id and a language are skills like any other.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

Seconds = float


class OfferFailure(StrEnum):
    """Why an offer came to nothing."""

    PAGE_SILENT = "page_silent"
    NO_ANSWER = "no_answer"
    BUSY = "busy"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class AgentReady:
    """The agent is READY. A skill of level 0 is a skill he has not. Told during an offer to him, it counts from its end on."""

    agent: str
    skills: Mapping[str, int]
    idle_since: Seconds


@dataclass(frozen=True, slots=True)
class AgentGone:
    """The agent is not READY any more (AUX, LOST, logged out). An open offer to him goes on until it fails or is accepted."""

    agent: str


@dataclass(frozen=True, slots=True)
class SkillsChanged:
    """A supervisor re-skilled the agent; his place among the idle stays."""

    agent: str
    skills: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class CallWaiting:
    """A call entered a queue, or its place is stated anew. It is offered only once it is also offerable.

    `first`: he had an agent and lost him; ahead of all of equal priority. `preferred_agent`: until `preferred_until` this
    call is that agent's alone, whatever skills it needs, because the call was transferred to him.
    """

    call: str
    queue: str
    skills: frozenset[str]
    entered_at: Seconds
    priority: int = 0
    first: bool = False
    preferred_agent: str = ""
    preferred_until: Seconds = 0.0


@dataclass(frozen=True, slots=True)
class CallGone:
    """The caller hung up, or left the queue by another door. Ends an open offer of the call."""

    call: str


@dataclass(frozen=True, slots=True)
class CallOfferable:
    """Music runs (MusicOnHoldStart, or a snapshot shows him in the hold loop): a Redirect of this channel is safe."""

    call: str


@dataclass(frozen=True, slots=True)
class CallNotOfferable:
    """He is being moved: no offer until music runs again. An open offer goes on."""

    call: str


@dataclass(frozen=True, slots=True)
class OfferFailed:
    """The offer came to nothing: the caller keeps his place and the next agent is chosen. The agent is out until AgentReady."""

    offer: str
    why: OfferFailure


@dataclass(frozen=True, slots=True)
class OfferAccepted:
    """The agent answered: the call left its queue. The agent is out until AgentReady."""

    offer: str


@dataclass(frozen=True, slots=True)
class Pause:
    """No new offers while any reason stands (`api_away`, `journal_failed`, …); everything else goes on."""

    on: bool
    why: str = field(default="")


@dataclass(frozen=True, slots=True)
class Tick:
    """Nothing happened but time: due when `Acd.next_deadline()` is reached."""


Event = (
    AgentReady
    | AgentGone
    | SkillsChanged
    | CallWaiting
    | CallGone
    | CallOfferable
    | CallNotOfferable
    | OfferFailed
    | OfferAccepted
    | Pause
    | Tick
)
