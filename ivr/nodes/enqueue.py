"""`enqueue`: the end of a flow in a queue."""

from __future__ import annotations

from dataclasses import dataclass

from ivr.actions import Enqueue as EnqueueAction
from ivr.node import Prompt, Turn, end
from ivr.reading import Fields
from ivr.state import State

DEFAULT_QUEUE = "default"  # in a flow file: the queue of the number that was dialled


@dataclass(frozen=True, slots=True)
class Enqueue:
    """An agent needs the queue's own skill, the caller's language and `skills`."""

    name: str
    queue: str
    priority: int
    skills: frozenset[str]

    @classmethod
    def read(cls, name: str, fields: Fields) -> Enqueue:
        """From its fields in a flow file."""
        return cls(name, fields.text("enqueue"), fields.number("priority", 0, 100, default=0), fields.words("skills"))

    def exits(self) -> tuple[str, ...]:
        return ()

    def prompts_used(self) -> tuple[Prompt, ...]:
        return ()

    def enter(self, state: State) -> Turn:
        queue = state.default_queue if self.queue == DEFAULT_QUEUE else self.queue
        action = EnqueueAction(queue, state.language, self.priority, self.skills | {queue, state.language})
        return end(state, action, queue)

    def take(self, state: State, _key: str) -> Turn:
        return self.enter(state)
