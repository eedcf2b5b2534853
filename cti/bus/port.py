"""The bus between core and api as Protocols. `local.py` and `redis_streams.py` are the two ways; one contract suite runs on both.

The core mutates its state and calls `publish_delta` in the same breath, so a snapshot taken by the bus is always as of its `seq`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Protocol

from cti.bus.messages import Change, Command, Delta, Entities, JsonObject, LivePage, PageSignal, Snapshot
from cti.calls.facts import JsonValue
from cti.ports.consoles import CommandRefused

__all__ = ["BusClient", "BusServer", "CommandRefused", "CommandTimeout", "CoreAway", "CoreHandler", "CoreListener"]

BEAT_S = 1.0  # both ends speak at least this often
SILENCE_S = 5.0  # a peer that says nothing for so long is away
COMMAND_S = 5.0  # how long the api waits for an answer


class BusError(Exception):
    """Root of the bus's errors."""


class CoreAway(BusError):
    """There is no core to ask; nothing was sent."""


class CommandTimeout(BusError):
    """The core took the command and has not answered: the outcome is unknown. The same id may be asked again."""


class CoreHandler(Protocol):
    """What the core gives to the bus. The synchronous methods must not block: they run on the bus's reader."""

    def snapshot(self) -> Entities:
        """All entities as they are now, by kind."""
        ...

    async def on_command(self, command: Command) -> JsonValue:
        """Carry out and answer. Raises CommandRefused. Runs once for each command id."""
        ...

    def on_page(self, signal: PageSignal) -> None: ...

    def on_api(self, api: str, up: bool, pages: Sequence[LivePage]) -> None:
        """An api came (with its live pages) or went. Going means "api away", never "pages gone"."""
        ...


class BusServer(Protocol):
    """The core's side."""

    epoch: str
    listening: asyncio.Event

    async def run(self, handler: CoreHandler) -> None:
        """Serve until cancelled."""
        ...

    def publish_delta(self, changes: Sequence[Change]) -> None:
        """Number and send to every api. Never blocks: an api that does not read is cut and comes back for a snapshot."""
        ...

    def send_page(self, page: str, message: JsonObject) -> bool:
        """False when no connected api has this page open."""
        ...


class CoreListener(Protocol):
    """What the api gives to the bus. No method may block."""

    def live_pages(self) -> Sequence[LivePage]: ...
    def on_core(self, up: bool) -> None:
        """A transition. Up is told after the first snapshot was."""
        ...

    def on_snapshot(self, snapshot: Snapshot) -> None: ...
    def on_delta(self, delta: Delta) -> None: ...
    def on_page_message(self, page: str, message: JsonObject) -> None: ...


class BusClient(Protocol):
    """The api's side."""

    @property
    def up(self) -> bool:
        """A core is connected and its snapshot has arrived."""
        ...

    async def run(self, listener: CoreListener) -> None:
        """Connect, and again after each loss, until cancelled."""
        ...

    async def command(self, command: Command, timeout: float = COMMAND_S) -> JsonValue:
        """Raises CommandRefused, CoreAway, CommandTimeout."""
        ...

    def signal(self, signal: PageSignal) -> None:
        """Tell the core about a page; dropped while the core is away (the next hello lists the live pages)."""
        ...
