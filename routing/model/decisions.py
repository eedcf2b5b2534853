"""What the ACD decides. A service carries it out; nothing here acts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple


class Reason(NamedTuple):
    """One reason of a choice: a stable code with its parameters, as in docs/protocol.md. Sentences are made in the page."""

    code: str
    params: Mapping[str, str | int | float]


@dataclass(frozen=True, slots=True)
class Offer:
    """Offer this call to this agent. `id` is unique for ever (it carries the core's epoch), `generation` grows by one."""

    id: str
    generation: int
    call: str
    agent: str
    queue: str
    reasons: tuple[Reason, ...]


Decision = Offer
