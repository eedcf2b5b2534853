"""The consoles as the services see them: entities change, one page is spoken to. The bus carries both."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from cti.calls.facts import JsonValue

Entity = Mapping[str, JsonValue]


class Consoles(Protocol):
    """Never blocks and never fails: a console that is away comes back for a snapshot."""

    def publish(self, changes: Sequence[tuple[str, str, Entity | None]]) -> None:
        """(kind, id, value); None: gone."""
        ...

    def send_page(self, page: str, message: Entity) -> None:
        """One message to one page (docs/protocol.md section 3)."""
        ...


class CommandRefused(Exception):
    """The asker's mistake or a state that does not allow it; `code` and `params` travel, sentences are made in the page."""

    def __init__(self, code: str, **params: JsonValue) -> None:
        super().__init__(code)
        self.code, self.params = code, params
