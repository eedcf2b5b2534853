"""`hangup`: the end of a flow, for numbers that only tell something."""

from __future__ import annotations

from dataclasses import dataclass

from ivr.actions import Hangup as HangupAction
from ivr.node import Prompt, Turn, end
from ivr.reading import Fields
from ivr.state import State


@dataclass(frozen=True, slots=True)
class Hangup:
    """Written `hangup: yes`."""

    name: str

    @classmethod
    def read(cls, name: str, fields: Fields) -> Hangup:
        """From its fields in a flow file."""
        fields.yes("hangup")
        return cls(name)

    def exits(self) -> tuple[str, ...]:
        return ()

    def prompts_used(self) -> tuple[Prompt, ...]:
        return ()

    def enter(self, state: State) -> Turn:
        return end(state, HangupAction(), "hangup")

    def take(self, state: State, _key: str) -> Turn:
        return self.enter(state)
