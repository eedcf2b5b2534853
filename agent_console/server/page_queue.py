"""A page's bounded outgoing queue: 1,000 messages or 1 MiB, then the page is **cut** (4008) and comes back for a snapshot.

Nothing is dropped in the middle. What an agent or a queue is *now* makes what it was a moment ago worthless, so a newer
value takes the place of one that still waits; call changes are never merged. Numbers are given when a delta leaves, so
merging makes no gap.

Presence of others and figures of queues come in waves (`waves.py`), many changes in one body; waves that wait are joined.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

MAX_MESSAGES = 1_000
MAX_BYTES = 1024 * 1024
DELTA_AT_MOST = 200  # changes in one delta
MERGED = frozenset({"agent", "queue"})
_BEAT, _WAVE = "beat", "wave"


@dataclass(slots=True)
class _Item:
    """A change (then `kind` is set) or a whole message."""

    body: bytes
    kind: str = ""
    key: tuple[str, str] = field(default=("", ""))


class PageQueue:
    """Filled by the hub, emptied by the page's writer. `on_overflow`: the writer itself may hang in a send just then."""

    def __init__(self, on_overflow: Callable[[], None], max_messages: int = MAX_MESSAGES, max_bytes: int = MAX_BYTES) -> None:
        self._on_overflow = on_overflow
        self._items: deque[_Item] = deque()
        self._waiting: dict[tuple[str, str], _Item] = {}
        self._size = 0
        self._max = (max_messages, max_bytes)
        self._wake = asyncio.Event()
        self.seq = 0
        self.overflown = False

    def change(self, kind: str, entity_id: str, body: bytes) -> None:
        """One entity's change as JSON."""
        key = (kind, entity_id)
        waiting = self._waiting.get(key)
        if waiting is not None:
            self._size += len(body) - len(waiting.body)
            waiting.body = body
            return
        item = _Item(body, kind, key)
        if kind in MERGED:
            self._waiting[key] = item
        self._put(item)

    def wave(self, bodies: bytes) -> None:
        """Changes of several entities, joined by commas."""
        key = (_WAVE, "")
        waiting = self._waiting.get(key)
        if waiting is not None:
            waiting.body += b"," + bodies
            self._size += len(bodies) + 1
            return
        item = self._waiting[key] = _Item(bodies, _WAVE, key)
        self._put(item)

    def message(self, body: bytes) -> None:
        """A whole message."""
        self._put(_Item(body))

    def beat(self, body: bytes) -> None:
        """At most one waits."""
        key = (_BEAT, "")
        waiting = self._waiting.get(key)
        if waiting is not None:
            waiting.body = body
            return
        item = self._waiting[key] = _Item(body, key=key)
        self._put(item)

    def restart(self, snapshot: bytes) -> None:
        """A new snapshot makes every waiting change worthless; messages stay, after it."""
        kept = [item for item in self._items if not item.kind]
        self._items.clear()
        self._waiting.clear()
        self._size = 0
        self._put(_Item(snapshot))
        for item in kept:
            self._put(item)

    def _put(self, item: _Item) -> None:
        if self.overflown:
            return
        self._items.append(item)
        self._size += len(item.body)
        messages, size = self._max
        # One message alone always passes: the snapshot of a big house may be larger than the limit.
        if len(self._items) > messages or (self._size > size and len(self._items) > 1):
            self.overflown = True
            self._items.clear()
            self._waiting.clear()
            self._on_overflow()
        self._wake.set()

    async def take(self) -> bytes:
        """The next frame to send; waits for ever once the queue overflowed."""
        while not self._items:
            self._wake.clear()
            await self._wake.wait()
        item = self._pop()
        if not item.kind:
            return item.body
        bodies = [item.body]
        while self._items and self._items[0].kind and len(bodies) < DELTA_AT_MOST:
            bodies.append(self._pop().body)
        self.seq += 1
        return b'{"type":"delta","seq":%d,"changes":[%b]}' % (self.seq, b",".join(bodies))

    def _pop(self) -> _Item:
        item = self._items.popleft()
        self._size -= len(item.body)
        if self._waiting.get(item.key) is item:
            del self._waiting[item.key]
        return item
