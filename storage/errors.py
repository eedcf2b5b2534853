"""What can go wrong below a service: the peer's fault (DatabaseAway), a stale copy (Conflict), a taken key (Duplicate)."""

from __future__ import annotations


class StorageError(Exception):
    """Root of this package's errors."""


class DatabaseAway(StorageError):
    """The business database cannot be reached, is locked for longer than we wait, or refuses to write. Trying later may help."""


class UnknownDatabase(StorageError):
    """The address names a database, or is written in a way, that we do not work on."""


class Conflict(StorageError):
    """The row was changed by somebody else since it was read: read it again and decide again."""


class Duplicate(StorageError):
    """A unique key is taken already."""
