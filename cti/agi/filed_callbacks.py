"""What the emergency path's script left while the core was away: one JSON file per callback.

The writer runs in Asterisk's root with Asterisk's rights, and the values in it come from callers: files are opened without
following links, bounded, and every field is plain text made visible.
"""

from __future__ import annotations

import json
import logging
import os
import stat
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from cti.calls.visible import visible

log = logging.getLogger(__name__)

LARGEST = 16 * 1024


@dataclass(frozen=True, slots=True)
class FiledCallback:
    """A caller who was promised a call. `file` is forgotten with `forget` once the callback is in the database."""

    file: Path
    call: str
    uniqueid: str
    number: str
    name: str
    dnis: str
    queue: str
    language: str
    filed_at: datetime


def read_filed(folder: Path) -> list[FiledCallback]:
    """All of them, oldest first. A file that cannot be read stays, renamed to `.bad`, and is logged once."""
    found = [each for each in (_read(path) for path in sorted(folder.glob("*.json"))) if each is not None]
    return sorted(found, key=lambda filed: filed.filed_at)


def forget(filed: FiledCallback) -> None:
    """Filed in the database: the file goes. Gone already: succeeds."""
    filed.file.unlink(missing_ok=True)


def _read(path: Path) -> FiledCallback | None:
    try:
        values = json.loads(_bytes(path))
        text = {name: visible(str(values.get(name, ""))) for name in _FIELDS}
        at = datetime.fromtimestamp(int(str(values["epoch"])), UTC)
        return FiledCallback(file=path, filed_at=at, **text)
    except (OSError, ValueError, KeyError, AttributeError, TypeError, OverflowError) as error:
        log.warning("callback file %s is unreadable: %s", path.name, error, extra={"action": "callback.bad_file"})
        path.rename(path.with_suffix(".bad"))
        return None


_FIELDS = ("call", "uniqueid", "number", "name", "dnis", "queue", "language")


def _bytes(path: Path) -> bytes:
    handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    with open(handle, "rb") as file:  # noqa: PTH123  # a handle, opened without following links
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise ValueError("not a plain file")
        content = file.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise ValueError(f"more than {LARGEST} bytes")
    return content
