"""`menu`: offer keys, wait for one. Silence and too many wrong keys lead on by themselves: nobody is caught in a menu."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from ivr.actions import ANY_KEY, Collect
from ivr.node import Prompt, Turn, go, stay
from ivr.reading import Fields
from ivr.state import State

SAYING_WRONG = -1  # `State.prompt` while the prompt about a wrong key plays


@dataclass(frozen=True, slots=True)
class Menu:
    """Every key interrupts, so that a wrong one is answered and not swallowed."""

    name: str
    prompts: tuple[Prompt, ...]
    keys: Mapping[str, str]
    wait_ms: int
    silent: str
    tries: int
    wrong: Prompt

    @classmethod
    def read(cls, name: str, fields: Fields) -> Menu:
        """From its fields in a flow file."""
        return cls(
            name=name,
            prompts=fields.prompts("menu"),
            keys=fields.keys("keys"),
            wait_ms=fields.number("wait_ms", 100, 10_000),
            silent=fields.text("silent"),
            tries=fields.number("tries", 1, 5, default=2),
            wrong=Prompt(fields.text("wrong", default="invalid")),
        )

    def exits(self) -> tuple[str, ...]:
        return (*self.keys.values(), self.silent)

    def prompts_used(self) -> tuple[Prompt, ...]:
        return (*self.prompts, self.wrong)

    def enter(self, state: State) -> Turn:
        if state.typed:
            return self._pressed(replace(state, typed=""), state.typed)
        return self._play(state, 0)

    def take(self, state: State, key: str) -> Turn:
        if key:
            return self._pressed(state, key)
        after = state.prompt + 1
        if after < len(self.prompts):
            return self._play(state, after)
        if after == len(self.prompts):
            return stay(state, Collect(self.wait_ms, ANY_KEY), after)
        return go(state, self.silent, "timeout")

    def _pressed(self, state: State, key: str) -> Turn:
        if key in self.keys:
            return go(state, self.keys[key], f"key {key}")
        if state.tries + 1 >= self.tries:
            return go(state, self.silent, "invalid")
        return stay(state, self.wrong.play(state, ANY_KEY), SAYING_WRONG, state.tries + 1)

    def _play(self, state: State, prompt: int) -> Turn:
        return stay(state, self.prompts[prompt].play(state, ANY_KEY), prompt)
