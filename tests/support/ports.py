"""Ports that two test processes, or a test and somebody's outgoing connection, do not take from each other."""

from __future__ import annotations

import fcntl
import functools
import itertools
import os
import socket
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from carillon.settings import PORTS_USED

UNUSED_AFTER = 30.0  # whoever asked for a slot has started on it by then, or never will


@dataclass
class Slots:
    """`count` blocks of `width` ports from `first` on, all below the kernel's ephemeral ports (32768 …): a port the kernel gives
    (bind to 0, look, close) is taken by the next outgoing connection before a server listens on it."""

    name: str
    first: int
    count: int
    width: int
    _ours: dict[int, tuple[int, float]] = field(default_factory=dict)  # slot → its locked file, when it was last given out

    def free(self) -> int:
        """First port of a block that no other process holds and where nobody listens; one of ours again rather than a new one."""
        now = time.monotonic()
        again = [slot for slot, (_, given) in self._ours.items() if now - given > UNUSED_AFTER]
        for slot in (*again, *((os.getpid() + each) % self.count for each in range(self.count))):
            base = self.first + slot * self.width
            if (slot in again or self._reserve(slot)) and _ports_are_free(base):
                self._ours[slot] = (self._ours[slot][0], now)
                return base
        raise AssertionError(f"no free block of test ports from {self.first} on")

    def slot(self, base: int) -> int:
        """Number of the block that begins at `base`."""
        return (base - self.first) // self.width

    def _reserve(self, slot: int) -> bool:
        folder = Path(tempfile.gettempdir()) / "carillon-test-ports"
        folder.mkdir(exist_ok=True)
        held = os.open(folder / f"{self.name}-{slot}", os.O_RDWR | os.O_CREAT, 0o666)
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(held)
            return False
        self._ours[slot] = (held, 0.0)
        return True


@functools.cache
def _own_blocks() -> Iterator[int]:
    """First ports of 50 blocks of this process alone, in turn: its tests run one after the other."""
    base = Slots("service", first=13000, count=16, width=50 * PORTS_USED).free()
    return itertools.cycle(range(base, base + 50 * PORTS_USED, PORTS_USED))


def free_port() -> int:
    """First of ten ports for a server of one test, or for a whole instance without media."""
    for base in itertools.islice(_own_blocks(), 50):
        if _ports_are_free(base):
            return base
    raise AssertionError("each of this process's own 50 blocks of ports is in use")


def _ports_are_free(base: int) -> bool:
    return all(_is_free(kind, base + each) for each in range(PORTS_USED) for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM))


def _is_free(kind: socket.SocketKind, port: int) -> bool:
    with socket.socket(socket.AF_INET, kind) as probe:
        if kind is socket.SOCK_STREAM:  # a server binds so too: what a closed connection left for a minute is nobody's
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
