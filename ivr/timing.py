"""How long a caller who presses nothing is kept by a flow: the length of its prompts and of its waits."""

from __future__ import annotations

from collections.abc import Callable

from ivr.actions import Collect, Play
from ivr.flow import Flow
from ivr.inputs import Played
from ivr.interpreter import start, step
from ivr.state import CallFacts

Length = Callable[[str, str], float]  # (prompt, language) -> seconds


def silent_seconds(flow: Flow, length: Length, facts: CallFacts) -> float:
    """From the answer to the end of the flow."""
    seconds, now = 0.0, start(flow, facts)
    while True:
        for action in now.actions:
            if isinstance(action, Play):
                seconds += length(action.prompt, action.language)
            elif isinstance(action, Collect):
                seconds += action.timeout_ms / 1000
        if now.state.done:
            return seconds
        now = step(flow, now.state, Played())
