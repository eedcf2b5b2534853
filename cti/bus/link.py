"""The api's side of the bus without any transport: the core's hello, snapshot, numbered deltas, answers to commands."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from cti.bus.codec import encode
from cti.bus.messages import (
    ApiHello,
    Bye,
    Command,
    CoreHello,
    Delta,
    Message,
    PageMessage,
    PageSignal,
    Reply,
    Snapshot,
)
from cti.bus.port import CommandRefused, CommandTimeout, CoreAway, CoreListener
from cti.calls.facts import JsonValue

log = logging.getLogger("cti.bus")


class LinkEnded(Exception):
    """This link is of no more use: connect again and take a snapshot."""


class CoreLink:
    """One api process's view of the core. `connected` and `lost` are called by the transport."""

    def __init__(self, api: str) -> None:
        self.api = api
        self.up = False
        self._listener: CoreListener | None = None
        self._send: Callable[[bytes], None] | None = None
        self._epoch, self._seq = "", -1
        self._waiting: dict[str, list[asyncio.Future[Reply]]] = {}

    def connected(self, listener: CoreListener, send: Callable[[bytes], None]) -> None:
        """Say hello; `up` only after the snapshot."""
        self._listener, self._send = listener, send
        send(encode(ApiHello(self.api, tuple(listener.live_pages()))))

    def lost(self) -> None:
        """Commands under way end as `timeout`: whether the core ran them is unknown."""
        self._send = None
        self._epoch, self._seq = "", -1
        waiting, self._waiting = self._waiting, {}
        for futures in waiting.values():
            for future in futures:
                if not future.done():
                    future.set_exception(CommandTimeout())
        if self.up and self._listener is not None:
            self.up = False
            self._listener.on_core(False)

    def received(self, message: Message) -> None:
        """Raise LinkEnded when the link must be made anew."""
        if self._listener is None:
            raise LinkEnded("not connected")
        if isinstance(message, Delta):
            self._delta(message, self._listener)
        elif isinstance(message, Reply):
            self._reply(message)
        elif isinstance(message, PageMessage):
            self._listener.on_page_message(message.page, message.message)
        elif isinstance(message, CoreHello):
            self._epoch, self._seq = message.epoch, message.seq
        elif isinstance(message, Snapshot):
            self._snapshot(message, self._listener)
        elif isinstance(message, Bye):
            raise LinkEnded("the core does not know this link")

    def _snapshot(self, snapshot: Snapshot, listener: CoreListener) -> None:
        self._epoch, self._seq = snapshot.epoch, snapshot.seq
        listener.on_snapshot(snapshot)
        if not self.up:
            self.up = True
            listener.on_core(True)

    def _delta(self, delta: Delta, listener: CoreListener) -> None:
        if delta.epoch != self._epoch or delta.seq != self._seq + 1:
            raise LinkEnded(f"delta {delta.seq} after {self._seq}")
        self._seq = delta.seq
        listener.on_delta(delta)

    def _reply(self, reply: Reply) -> None:
        for future in self._waiting.pop(reply.id, []):
            if not future.done():
                future.set_result(reply)

    def signal(self, signal: PageSignal) -> None:
        """Dropped while there is no link: the hello lists the live pages."""
        if self._send is not None:
            self._send(encode(signal))

    async def command(self, command: Command, timeout: float) -> JsonValue:
        """Raises CommandRefused, CoreAway, CommandTimeout."""
        if self._send is None or not self.up:
            raise CoreAway()
        future: asyncio.Future[Reply] = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(command.id, []).append(future)
        self._send(encode(command))
        try:
            async with asyncio.timeout(timeout):
                reply = await future
        except TimeoutError:
            raise CommandTimeout() from None
        finally:
            self._forget(command.id, future)
        if not reply.ok:
            raise CommandRefused(reply.error, **{k: v for k, v in reply.params.items() if k.isidentifier() and k != "code"})
        return reply.result

    def _forget(self, command_id: str, future: asyncio.Future[Reply]) -> None:
        futures = self._waiting.get(command_id)
        if futures and future in futures:
            futures.remove(future)
            if not futures:
                del self._waiting[command_id]
