"""The fact journal: the commit point. One writer, group commit."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from concurrent.futures import Future
from typing import Protocol

from cti.calls.facts import Fact


class JournalFailed(Exception):
    """The journal cannot be written (disk full, read-only): no new offers, callers go to the emergency path."""


class FactJournal(Protocol):
    """Append-only, ordered."""

    def put(self, facts: Sequence[Fact]) -> Future[None]:
        """Queue facts in order; the future is done when they survive kill -9, or carries JournalFailed."""
        ...

    async def append(self, facts: Sequence[Fact]) -> None:
        """As `put`, awaited."""
        ...

    def replay(self, *, calls_open_only: bool) -> AsyncIterator[Fact]:
        """In the order of appending."""
        ...
