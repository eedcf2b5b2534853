"""What can go wrong with recordings: the caller's mistake (InvalidName), nothing there (NoSuchRecording), the disk (NoSpace)."""

from __future__ import annotations


class RecordingError(Exception):
    """Root of this package's errors."""


class InvalidName(RecordingError, ValueError):
    """Not a name this package makes. Names come from here alone, so this is a bug or an attack."""


class NoSuchRecording(RecordingError):
    """No file of this name."""


class NoSpace(RecordingError):
    """Too little room for what is to be written; nothing was written."""
