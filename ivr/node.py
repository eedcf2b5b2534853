"""What every kind of node is. The kinds are in `ivr/nodes/`, one file each, listed in its `__init__.py`."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Protocol

from ivr.actions import Action, Play
from ivr.state import State


@dataclass(frozen=True, slots=True)
class Prompt:
    """A prompt by name; `language` '' is the caller's."""

    name: str
    language: str = ""

    def play(self, state: State, interrupt: str) -> Play:
        """As an action for this caller."""
        return Play(self.name, self.language or state.language, interrupt)


@dataclass(frozen=True, slots=True)
class Turn:
    """What a node made of an entry or an input. `to` names the next node; '' stays, or ends if the state is done."""

    state: State
    actions: tuple[Action, ...] = ()
    to: str = ""
    outcome: str = ""


class Node(Protocol):
    """One step of a flow. Nodes are frozen: what changes is in the State."""

    @property
    def name(self) -> str:
        """Unique in its flow."""
        ...

    def exits(self) -> tuple[str, ...]:
        """The nodes it may lead to, for the checks of a flow."""
        ...

    def prompts_used(self) -> tuple[Prompt, ...]:
        """The prompts it may play, for the same checks."""
        ...

    def enter(self, state: State) -> Turn:
        """The caller comes to this node."""
        ...

    def take(self, state: State, key: str) -> Turn:
        """A prompt ended or a wait is over: `key` is what was pressed, or ''."""
        ...


def go(state: State, to: str, outcome: str, *actions: Action) -> Turn:
    """On to the next node."""
    return Turn(state, actions, to, outcome)


def stay(state: State, action: Action, prompt: int, tries: int | None = None) -> Turn:
    """Do this and wait here for its answer."""
    return Turn(replace(state, prompt=prompt, tries=state.tries if tries is None else tries), (action,))


def end(state: State, action: Action, outcome: str) -> Turn:
    """The flow is over."""
    return Turn(replace(state, done=True), (action,), "", outcome)
