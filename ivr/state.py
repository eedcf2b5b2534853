"""Where a caller stands in his flow: a frozen value that holds everything the next step depends on."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CallFacts:
    """What is known before the flow starts."""

    default_queue: str
    language: str = ""  # '' = the flow's own


@dataclass(frozen=True, slots=True)
class State:
    """`prompt` and `tries` belong to the node he is in; `typed` is a key pressed ahead of the menu it is meant for."""

    node: str
    language: str
    default_queue: str
    prompt: int = 0
    tries: int = 0
    typed: str = ""
    entered: int = 0  # nodes so far
    done: bool = False
