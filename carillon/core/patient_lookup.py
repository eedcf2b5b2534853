"""Owners on the call's path: a database that is away costs the pop its owner, never the caller his call."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import structlog

from cti.calls.facts import JsonValue
from cti.ports.owners import OwnerLookup
from storage.errors import StorageError

log = structlog.get_logger("carillon.core")


class PatientLookup:
    """cti.ports.owners.OwnerLookup that answers [] when the database cannot."""

    def __init__(self, lookup: OwnerLookup) -> None:
        self._lookup = lookup

    async def candidates(self, e164: str) -> Sequence[Mapping[str, JsonValue]]:
        """As the port says."""
        try:
            return await self._lookup.candidates(e164)
        except StorageError as error:
            log.warning("owner not looked up", action="lookup_failed", error=str(error))
            return []
