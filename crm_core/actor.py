"""Who does something, and how others hear of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Actor:
    """A user at work: `agent` is his agent id (`agt-1024`) when he has one."""

    user: str
    role: str
    agent: str | None = None
    team: str | None = None


SYSTEM = Actor(user="system", role="system")

# (resource, id) after the commit: pages that show it ask again (docs/protocol.md, `hint`).
Hint = Callable[[str, str], None]


def no_hint(_resource: str, _id: str) -> None:
    """For those whom nobody listens to: seed, benches."""
