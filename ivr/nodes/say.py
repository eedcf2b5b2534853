"""`say`: play one or more prompts, then go on."""

from __future__ import annotations

from dataclasses import dataclass, replace

from ivr.actions import ANY_KEY
from ivr.node import Prompt, Turn, go, stay
from ivr.reading import Fields
from ivr.state import State


@dataclass(frozen=True, slots=True)
class Say:
    """With `interrupt`, a key ends it and is kept for the next menu: who knows the way need not listen.

    Without it everybody hears it to its end, also who pressed a key ahead.
    """

    name: str
    prompts: tuple[Prompt, ...]
    then: str
    interrupt: bool

    @classmethod
    def read(cls, name: str, fields: Fields) -> Say:
        """From its fields in a flow file."""
        return cls(name, fields.prompts("say"), fields.text("then"), fields.yes("interrupt"))

    def exits(self) -> tuple[str, ...]:
        return (self.then,)

    def prompts_used(self) -> tuple[Prompt, ...]:
        return self.prompts

    def enter(self, state: State) -> Turn:
        if state.typed and self.interrupt:
            return go(state, self.then, "skipped")
        return self._play(state, 0)

    def take(self, state: State, key: str) -> Turn:
        if key:
            return go(replace(state, typed=key), self.then, "interrupted")
        after = state.prompt + 1
        return self._play(state, after) if after < len(self.prompts) else go(state, self.then, "played")

    def _play(self, state: State, prompt: int) -> Turn:
        return stay(state, self.prompts[prompt].play(state, ANY_KEY if self.interrupt else ""), prompt)
