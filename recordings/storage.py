"""Where finished recordings lie: a port and its local adapter."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import BinaryIO, Protocol

from recordings.errors import InvalidName, NoSuchRecording
from recordings.names import checked_name

BLOCK = 64 * 1024


class RecordingStorage(Protocol):
    """Names are those of recordings.names; any other raises InvalidName. Everything blocks: call it in a thread."""

    def create(self, name: str) -> AbstractContextManager[BinaryIO]:
        """Write a file that appears whole or not at all, and survives a power cut once the block has ended."""
        ...

    def size(self, name: str) -> int | None:
        """In bytes; None = no such file."""
        ...

    def read(self, name: str, first: int, last: int) -> Iterator[bytes]:
        """The bytes [first, last], in blocks. Raises NoSuchRecording at the first block."""
        ...

    def delete(self, name: str) -> None:
        """Gone already: succeeds."""
        ...


class LocalStorage:
    """Files below one folder, readable by this account only."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def path(self, name: str) -> Path:
        """Absolute, for the command line. Always below the root, links followed."""
        path = self._root.absolute() / checked_name(name)
        if not path.resolve().is_relative_to(self._root.resolve()):
            raise InvalidName(f"{name!r} leads out of the folder of recordings")
        return path

    @contextmanager
    def create(self, name: str) -> Iterator[BinaryIO]:
        path = self.path(name)
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = path.with_name(f".{path.name}.part")
        try:
            with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600), "wb") as file:
                yield file
                file.flush()
                os.fsync(file.fileno())
            draft.replace(path)
        finally:
            draft.unlink(missing_ok=True)
        _sync_folder(path.parent)

    def size(self, name: str) -> int | None:
        try:
            return self.path(name).stat().st_size
        except FileNotFoundError:
            return None

    def read(self, name: str, first: int, last: int) -> Iterator[bytes]:
        try:
            file = self.path(name).open("rb")
        except FileNotFoundError:
            raise NoSuchRecording(name) from None
        with file:
            file.seek(first)
            left = last - first + 1
            while left > 0 and (block := file.read(min(BLOCK, left))):
                left -= len(block)
                yield block

    def delete(self, name: str) -> None:
        self.path(name).unlink(missing_ok=True)


def _sync_folder(folder: Path) -> None:
    """A rename survives a power cut only when the folder is on the disk too."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
