"""`language`: the caller's language from here on."""

from __future__ import annotations

from dataclasses import dataclass, replace

from ivr.actions import SetLanguage
from ivr.node import Prompt, Turn, go
from ivr.reading import Fields
from ivr.state import State


@dataclass(frozen=True, slots=True)
class Language:
    """It is also a skill that the agent needs."""

    name: str
    language: str
    then: str

    @classmethod
    def read(cls, name: str, fields: Fields) -> Language:
        """From its fields in a flow file."""
        return cls(name, fields.language("language"), fields.text("then"))

    def exits(self) -> tuple[str, ...]:
        return (self.then,)

    def prompts_used(self) -> tuple[Prompt, ...]:
        return ()

    def enter(self, state: State) -> Turn:
        return go(replace(state, language=self.language), self.then, self.language, SetLanguage(self.language))

    def take(self, state: State, _key: str) -> Turn:
        return go(state, self.then, self.language)  # it never waits; an answer that comes all the same leads on
