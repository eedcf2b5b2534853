"""What came back from the caller's channel."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Played:
    """A prompt is over; `digit` is the key that stopped it, or ''."""

    digit: str = ""


@dataclass(frozen=True, slots=True)
class Digits:
    """A key was pressed. Of several only the first counts: every menu of ours takes one."""

    digits: str


@dataclass(frozen=True, slots=True)
class Timeout:
    """No key in time."""


@dataclass(frozen=True, slots=True)
class Gone:
    """The caller hung up."""


Input = Played | Digits | Timeout | Gone


def key_of(given: Played | Digits | Timeout) -> str:
    """The key pressed, or ''."""
    if isinstance(given, Played):
        return given.digit[:1]
    return given.digits[:1] if isinstance(given, Digits) else ""
