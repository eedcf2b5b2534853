"""What core and api say to each other: docs/protocol.md section 2 as frozen values. No I/O, no JSON here (codec.py)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from cti.calls.facts import JsonValue

JsonObject = Mapping[str, JsonValue]
Entities = Mapping[str, Sequence[JsonObject]]  # kind -> values, each with its "id"
ENTITY_KINDS = ("agent", "call", "queue", "switch")


@dataclass(frozen=True, slots=True)
class LivePage:
    """One open console page, as the api lists it when it meets a core. `agent` is '' for who is no agent."""

    page: str
    agent: str
    user: str
    since: str


@dataclass(frozen=True, slots=True)
class Actor:
    """Who asks, as the api's session knows him."""

    user: str
    role: str
    agent: str = ""
    team: str = ""


@dataclass(frozen=True, slots=True)
class ApiHello:
    """First line of an api at each connect."""

    api: str
    pages: tuple[LivePage, ...] = ()


@dataclass(frozen=True, slots=True)
class Command:
    """A wish of a person. `id` is made of the user and the client's own command id: repeated, it gets the first answer."""

    id: str
    actor: Actor
    page: str
    name: str
    args: JsonObject = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PageSignal:
    """What the api sees of a page. `at` is the api's time of receipt: the proof that an ack came before the INVITE."""

    signal: str  # open | ack | missed | gone
    page: str
    agent: str
    at: str = ""
    nonce: str = ""
    code: int = 0  # close code of `gone`


@dataclass(frozen=True, slots=True)
class Beat:
    """Sent each second by both ends, so that a frozen peer is noticed."""


@dataclass(frozen=True, slots=True)
class Bye:
    """The core does not know this link (it was started again): connect anew."""


@dataclass(frozen=True, slots=True)
class CoreHello:
    """First line of the core. A new epoch is a new core process: its numbering starts again."""

    epoch: str
    seq: int


@dataclass(frozen=True, slots=True)
class Snapshot:
    """All entities as of `seq`."""

    epoch: str
    seq: int
    entities: Entities


@dataclass(frozen=True, slots=True)
class Change:
    """One entity's new value; None: it is gone."""

    kind: str
    id: str
    value: JsonObject | None


@dataclass(frozen=True, slots=True)
class Delta:
    """Changes that happened together, numbered without a gap within an epoch."""

    epoch: str
    seq: int
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Reply:
    """The answer to a command: a result, or a code with parameters."""

    id: str
    result: JsonValue = None
    error: str = ""
    params: JsonObject = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        """Whether the command was carried out."""
        return not self.error


@dataclass(frozen=True, slots=True)
class PageMessage:
    """Something for one page alone: the pop with its nonce, a probe."""

    page: str
    message: JsonObject


FromApi = ApiHello | Command | PageSignal | Beat
FromCore = CoreHello | Snapshot | Delta | Reply | PageMessage | Beat | Bye
Message = FromApi | FromCore
