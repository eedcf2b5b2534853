"""A command id runs once, its first answer is given again: a page that repeats after a broken line must not dial twice."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable

from cti.bus.messages import Command, Reply

KEPT = 10_000  # answers; the oldest finished ones go first


class Answers:
    """Replies by command id, also of commands that still run."""

    def __init__(self, kept: int = KEPT) -> None:
        self._kept = kept
        self._replies: OrderedDict[str, asyncio.Future[Reply]] = OrderedDict()

    async def once(self, command: Command, run: Callable[[Command], Awaitable[Reply]]) -> Reply:
        """Run the command, or wait for (or repeat) the answer of its first run."""
        known = self._replies.get(command.id)
        if known is not None:
            return await asyncio.shield(known)
        future: asyncio.Future[Reply] = asyncio.get_running_loop().create_future()
        self._replies[command.id] = future
        self._trim()
        try:
            reply = await run(command)
        except BaseException:  # cancelled too: who waits for this answer must not wait for ever
            self._replies.pop(command.id, None)
            future.cancel()
            raise
        future.set_result(reply)
        return reply

    def _trim(self) -> None:
        while len(self._replies) > self._kept:
            oldest = next(iter(self._replies))
            if not self._replies[oldest].done():
                return
            del self._replies[oldest]
