"""What the screen-pop asks of the CRM core. The budget on the call's path is 300 ms; then the pop goes without the owner."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from cti.calls.facts import JsonValue


class OwnerLookup(Protocol):
    """Owners by number."""

    async def candidates(self, e164: str) -> Sequence[Mapping[str, JsonValue]]:
        """Ranked owners of a number, best first, each as in docs/protocol.md `Candidate`; [] = unknown number."""
        ...
