"""The fact journal: the commit point. One writer, group commit."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from typing import Protocol

from cti.calls.facts import Fact


class JournalFailed(Exception):
    """The journal cannot be written (disk full, read-only): no new offers, callers go to the emergency path."""


class FactJournal(Protocol):
    """Append-only, ordered."""

    async def append(self, facts: Sequence[Fact]) -> None:
        """Return when the facts survive kill -9 (and, grouped, a power cut). Raises JournalFailed."""
        ...

    def replay(self, *, calls_open_only: bool) -> AsyncIterator[Fact]:
        """In the order of appending."""
        ...
