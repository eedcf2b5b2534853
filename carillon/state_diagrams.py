"""Writes docs/states/*.md from the state tables, so that the diagrams are always right: `python -m carillon.state_diagrams`."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

from cti.calls import agent_states, call_states

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "states"


State = TypeVar("State", bound=StrEnum)
Event = TypeVar("Event", bound=StrEnum)


def diagram(title: str, source: str, table: Mapping[State, Mapping[Event, State]]) -> str:
    """A Markdown page with one Mermaid state diagram."""
    lines = [
        f"    {state.name} --> {target.name}: {event.value}"
        for state, row in table.items()
        for event, target in row.items()
        if target is not state
    ]
    head = f"# {title}\n\nMade from `{source}` by `python -m carillon.state_diagrams`; do not edit.\n"
    return head + "\n```mermaid\nstateDiagram-v2\n" + "\n".join(lines) + "\n```\n"


def pages() -> dict[str, str]:
    """File name → content."""
    return {
        "agent.md": diagram("An agent's states", "cti/calls/agent_states.py", agent_states.TRANSITIONS),
        "call.md": diagram("A call's states", "cti/calls/call_states.py", call_states.TRANSITIONS),
    }


def main() -> None:
    """Write them."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, text in pages().items():
        (FOLDER / name).write_text(text)


if __name__ == "__main__":
    main()
