"""The bus on Redis streams, for a core on another machine and several apis. `redis` is imported in this file only.

`<prefix>:in` carries what all apis say (field `link`: which link says it); `<prefix>:out:<link>` what the core says to one link.
A link is one connect of one api, so a stream is read once from its start, in order, like a socket. Both ends beat each second;
SILENCE_S without a beat is the end of the link. Streams are bounded (Redis trims the oldest): whoever was too slow meets a gap in
`seq` and comes back for a snapshot. A stream that nobody writes expires by itself.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import random
from collections.abc import AsyncGenerator, Sequence
from typing import Any

from redis.asyncio import Redis
from redis.exceptions import RedisError

from cti.bus.codec import BadMessage, decode, encode
from cti.bus.hub import Hub
from cti.bus.link import CoreLink, LinkEnded
from cti.bus.messages import Beat, Change, Command, JsonObject, PageSignal
from cti.bus.outbox import Outbox
from cti.bus.port import BEAT_S, COMMAND_S, SILENCE_S, CoreHandler, CoreListener
from cti.calls.facts import JsonValue

log = logging.getLogger("cti.bus")

PREFIX = "carillon:bus"
STREAM_LINES = 20_000  # MAXLEN of each stream, approximate
EXPIRE_S = 60
RETRY_S = 0.3


def _connect(url: str) -> Redis:
    # No socket_timeout: redis-py then writes under asyncio.wait_for, which loses a cancellation before Python 3.12.
    return Redis.from_url(url, socket_connect_timeout=2, socket_timeout=None, decode_responses=False)


async def _append(redis: Redis, stream: str, link: str, lines: Sequence[bytes]) -> None:
    """One round trip for all lines that wait."""
    async with redis.pipeline(transaction=False) as pipe:
        for line in lines:
            pipe.xadd(stream, {"link": link, "line": line}, maxlen=STREAM_LINES, approximate=True)
        pipe.expire(stream, EXPIRE_S)
        async with asyncio.timeout(SILENCE_S):
            await pipe.execute()


async def _read(redis: Redis, stream: str, after: str) -> AsyncGenerator[tuple[str, bytes], None]:
    """(link, line) for ever, from `after` on."""
    while True:
        async with asyncio.timeout(SILENCE_S):
            found: list[Any] = await redis.xread({stream: after}, count=500, block=1000)  # type: ignore[assignment]  # RESP2
        for _name, entries in found or ():
            for entry, fields in entries:
                after = entry.decode()
                yield fields[b"link"].decode(), fields[b"line"]


class _StreamLink:
    """One link of one api, at the core."""

    def __init__(self, link: str, now: float) -> None:
        self.api = ""
        self.link = link
        self.outbox = Outbox()
        self.heard = now

    def send(self, line: bytes) -> None:
        self.outbox.put(line)

    def cut(self) -> None:
        self.outbox.end()


class RedisBusServer:
    """The core's side. Redis away: every api is away; it goes on by itself when Redis is back."""

    def __init__(self, url: str, epoch: str, prefix: str = PREFIX) -> None:
        self.epoch, self._url, self._prefix = epoch, url, prefix
        self.listening = asyncio.Event()
        self._hub: Hub | None = None
        self._links: dict[str, _StreamLink] = {}

    async def run(self, handler: CoreHandler) -> None:
        async with asyncio.TaskGroup() as group:
            hub = self._hub = Hub(self.epoch, handler, group.create_task)
            while True:
                try:
                    async with contextlib.aclosing(_connect(self._url)) as redis:
                        await self._serve(hub, redis)
                except* (RedisError, OSError) as errors:
                    log.warning("redis is away: %s", errors.exceptions[0], extra={"action": "bus_redis_away"})
                self._all_gone(hub)
                await asyncio.sleep(RETRY_S)

    async def _serve(self, hub: Hub, redis: Redis) -> None:
        last: list[Any] = await redis.xrevrange(f"{self._prefix}:in", count=1)  # type: ignore[assignment]  # RESP2
        after = last[0][0].decode() if last else "0-0"  # what was said to an earlier core is not for us
        self.listening.set()
        async with asyncio.TaskGroup() as group:
            group.create_task(self._watch(hub))
            async for link_id, line in _read(redis, f"{self._prefix}:in", after):
                link = self._links.get(link_id)
                if link is None:
                    link = self._links[link_id] = _StreamLink(link_id, asyncio.get_running_loop().time())
                    group.create_task(self._write(redis, link))
                link.heard = asyncio.get_running_loop().time()
                self._received(hub, link, line)

    def _received(self, hub: Hub, link: _StreamLink, line: bytes) -> None:
        try:
            hub.received(link, decode(line))
        except BadMessage as error:
            log.warning("an api sent no message of ours: %s", error, extra={"action": "bus_bad_message"})
            self._drop(hub, link)

    async def _write(self, redis: Redis, link: _StreamLink) -> None:
        stream = f"{self._prefix}:out:{link.link}"
        while lines := await link.outbox.take():
            await _append(redis, stream, link.link, lines)
        if link.outbox.overflown:
            log.warning("the bus's outbox overflowed; the link is cut", extra={"action": "bus_overflow"})
        await redis.delete(stream)

    async def _watch(self, hub: Hub) -> None:
        while True:
            await asyncio.sleep(BEAT_S)
            hub.beat()
            silent_since = asyncio.get_running_loop().time() - SILENCE_S
            for link in [link for link in self._links.values() if link.heard < silent_since or link.outbox.overflown]:
                self._drop(hub, link)

    def _drop(self, hub: Hub, link: _StreamLink) -> None:
        self._links.pop(link.link, None)
        hub.closed(link)
        link.cut()

    def _all_gone(self, hub: Hub) -> None:
        self.listening.clear()
        for link in list(self._links.values()):
            self._drop(hub, link)

    def publish_delta(self, changes: Sequence[Change]) -> None:
        if self._hub is not None:
            self._hub.publish_delta(changes)

    def send_page(self, page: str, message: JsonObject) -> bool:
        return self._hub is not None and self._hub.send_page(page, message)


class RedisBusClient:
    """The api's side."""

    def __init__(self, url: str, api: str, chance: random.Random, prefix: str = PREFIX) -> None:
        self._url, self._prefix, self._chance = url, prefix, chance
        self._link = CoreLink(api)

    @property
    def up(self) -> bool:
        return self._link.up

    async def run(self, listener: CoreListener) -> None:
        while True:
            try:
                async with contextlib.aclosing(_connect(self._url)) as redis:
                    await self._talk(listener, redis)
            except* (RedisError, OSError, LinkEnded, BadMessage) as errors:
                log.info("the link to the core is made anew: %s", errors.exceptions[0], extra={"action": "bus_link_ended"})
            await asyncio.sleep(RETRY_S * (0.5 + self._chance.random()))

    async def _talk(self, listener: CoreListener, redis: Redis) -> None:
        link, outbox = f"{self._chance.getrandbits(128):032x}", Outbox()
        async with asyncio.TaskGroup() as group:
            group.create_task(self._write(redis, link, outbox))
            group.create_task(self._beat(outbox))
            try:
                self._link.connected(listener, outbox.put)
                await self._listen(redis, link)
            finally:
                self._link.lost()

    async def _listen(self, redis: Redis, link: str) -> None:
        """Until the core was silent for too long. The first answer is asked for sooner: a new core knows no old link."""
        lines = _read(redis, f"{self._prefix}:out:{link}", "0-0")
        patience = 2 * BEAT_S
        async with contextlib.aclosing(lines):
            while True:
                try:
                    async with asyncio.timeout(patience):
                        _link, line = await anext(lines)
                except TimeoutError:
                    raise LinkEnded("the core is silent") from None
                patience = SILENCE_S
                self._link.received(decode(line))

    async def _write(self, redis: Redis, link: str, outbox: Outbox) -> None:
        while lines := await outbox.take():
            await _append(redis, f"{self._prefix}:in", link, lines)
        raise LinkEnded("the outbox overflowed")

    async def _beat(self, outbox: Outbox) -> None:
        line = encode(Beat())
        while True:
            await asyncio.sleep(BEAT_S)
            outbox.put(line)

    async def command(self, command: Command, timeout: float = COMMAND_S) -> JsonValue:
        return await self._link.command(command, timeout)

    def signal(self, signal: PageSignal) -> None:
        self._link.signal(signal)
