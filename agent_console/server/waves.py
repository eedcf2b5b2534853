"""Presence of others and figures of queues: shown to everybody, changing all the time, worthless a moment later.

So they leave together in waves: the newest value of each, encoded once for each audience (role and team), to a few pages at a
time. A frame to each of 200 pages for each change would be most of what the server does, and 200 frames at once would hold up
the one that must be quick: the pop.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from agent_console.server.pages import Page, Pages
from agent_console.server.view import LEADS, House, Shape, shape, shown

WAVE_S = 0.25  # a wave reaches every page within this; a board must move within 1 s, so those who lead come first
SLICES = 10
Encode = Callable[[str, str, object], bytes]


@dataclass(slots=True)
class _Wave:
    """What changed, frozen; bodies by shape and by audience are made when the first page needs them."""

    number: int
    changed: list[tuple[str, str]]
    bodies: dict[tuple[str, str, Shape], bytes] = field(default_factory=dict)
    audiences: dict[tuple[str, str | None], dict[tuple[str, str], bytes]] = field(default_factory=dict)
    joined: dict[tuple[str, str | None], bytes] = field(default_factory=dict)


class Waves:
    """One wave at a time; what changes meanwhile is the next one's."""

    def __init__(self, pages: Pages, house: House, encode: Encode) -> None:
        self._pages, self._house, self._encode = pages, house, encode
        self._changed: dict[tuple[str, str], None] = {}
        self._wave = _Wave(0, [])
        self._left: list[Page] = []
        self._turning = False

    @property
    def number(self) -> int:
        """A page whose snapshot is newer than this wave does not get it."""
        return self._wave.number

    def put(self, kind: str, entity_id: str) -> None:
        """It changed; its value is read when the wave leaves."""
        self._changed[kind, entity_id] = None
        if not self._turning:
            self._turning = True
            asyncio.get_running_loop().call_later(WAVE_S / SLICES, self._begin)

    def forget(self) -> None:
        """Every page gets a snapshot now."""
        self._changed.clear()
        self._left.clear()
        self._wave = _Wave(self._wave.number + 1, [])

    def gone(self, kind: str, entity_id: str) -> None:
        """It is no more: a wave that is under way must not bring it back."""
        self._changed.pop((kind, entity_id), None)
        self._wave.changed = [key for key in self._wave.changed if key != (kind, entity_id)]
        self._wave.audiences.clear()

    def _begin(self) -> None:
        changed, self._changed = list(self._changed), {}
        self._wave = _Wave(self._wave.number + 1, changed)
        self._left = sorted(self._pages, key=lambda page: page.actor.role in LEADS)  # taken from the end
        self._slice(max(1, -(-len(self._left) // SLICES)))

    def _slice(self, size: int) -> None:
        for _ in range(min(size, len(self._left))):
            page = self._left.pop()
            if page.wave < self._wave.number and (body := self._for(page)):
                page.queue.wave(body)
        later = asyncio.get_running_loop().call_later
        if self._left:
            later(WAVE_S / SLICES, self._slice, size)
        elif self._changed:
            later(WAVE_S / SLICES, self._begin)
        else:
            self._turning = False

    def _for(self, page: Page) -> bytes:
        """A page's own agent is left out: he is told at once, and whole."""
        actor, wave = page.actor, self._wave
        audience = (actor.role.value, actor.team)
        if audience not in wave.audiences:
            wave.audiences[audience] = self._bodies(page)
            wave.joined[audience] = b",".join(wave.audiences[audience].values())
        own = ("agent", actor.agent)
        if own not in wave.audiences[audience]:
            return wave.joined[audience]
        return b",".join(body for key, body in wave.audiences[audience].items() if key != own)

    def _bodies(self, page: Page) -> dict[tuple[str, str], bytes]:
        """Of the audience that a page belongs to."""
        nobody, found = replace(page.actor, agent=""), {}
        for kind, entity_id in self._wave.changed:
            value = self._house.of(kind).get(entity_id)
            how = Shape.NONE if value is None else shape(nobody, kind, value, self._house)
            if value is None or how is Shape.NONE:
                continue
            key = (kind, entity_id, how)
            if key not in self._wave.bodies:
                self._wave.bodies[key] = self._encode(kind, entity_id, shown(value, how))
            found[kind, entity_id] = self._wave.bodies[key]
        return found
