"""What the interpreter wants done on the caller's channel. Play and Collect are answered by an input, the others are not."""

from __future__ import annotations

from dataclasses import dataclass

ANY_KEY = "0123456789*#"


@dataclass(frozen=True, slots=True)
class Play:
    """Play a prompt; a key of `interrupt` stops it. Answered by Played."""

    prompt: str
    language: str
    interrupt: str = ""


@dataclass(frozen=True, slots=True)
class Collect:
    """Wait for one key of `digits`. Answered by Digits or Timeout."""

    timeout_ms: int
    digits: str = ANY_KEY


@dataclass(frozen=True, slots=True)
class SetLanguage:
    """The caller's language from now on."""

    language: str


@dataclass(frozen=True, slots=True)
class Enqueue:
    """The end: into this queue. `skills` are all that an agent needs: queue, language and what the flow adds."""

    queue: str
    language: str
    priority: int
    skills: frozenset[str]


@dataclass(frozen=True, slots=True)
class Hangup:
    """The end: hang up."""


Action = Play | Collect | SetLanguage | Enqueue | Hangup
