"""FastAGI server of the IVR: one task per caller, a head with a limit and a time-out, a key that the dialplan carries.

Whatever goes wrong in a session closes its socket: the dialplan then sees an empty CTI_NEXT and takes the emergency path.
"""

from __future__ import annotations

import asyncio
import hmac
import logging
from collections.abc import Awaitable, Callable

from cti.agi.head import HEAD_LIMIT, parse_head
from cti.agi.session import AgiSession
from cti.ports.ivr_channel import ChannelGone, IvrChannel

log = logging.getLogger(__name__)

HEAD_WITHIN = 5.0

Handler = Callable[[IvrChannel], Awaitable[None]]


class AgiServer:
    """`async with AgiServer(...)`: listening. Leaving it ends the sessions that run."""

    def __init__(self, host: str, port: int, key: str, handler: Handler, *, head_within: float = HEAD_WITHIN) -> None:
        if not key:
            raise ValueError("a FastAGI server needs a key: the protocol has no other authentication")
        self._host, self._port, self._key, self._handler = host, port, key, handler
        self._head_within = head_within
        self._server: asyncio.Server | None = None
        self._sessions: set[asyncio.Task[None]] = set()

    @property
    def port(self) -> int:
        """The port that is listened on (when 0 was asked for)."""
        if self._server is None:
            return self._port
        return int(self._server.sockets[0].getsockname()[1])

    @property
    def sessions(self) -> int:
        """Callers in the IVR now."""
        return len(self._sessions)

    async def __aenter__(self) -> AgiServer:
        self._server = await asyncio.start_server(self._connected, self._host, self._port, limit=HEAD_LIMIT)
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._server is not None:
            self._server.close()
        for task in self._sessions:
            task.cancel()
        await asyncio.gather(*self._sessions, return_exceptions=True)
        if self._server is not None:
            await self._server.wait_closed()

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is not None:
            self._sessions.add(task)
            task.add_done_callback(self._sessions.discard)
        try:
            await self._session(reader, writer)
        finally:
            writer.close()

    async def _session(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        variables = await self._head(reader)
        if variables is None:
            return
        session = AgiSession(variables, reader, writer)
        try:
            await session.learn_call()
            await self._handler(session)
        except ChannelGone:
            log.info("the caller left the IVR", extra={"action": "ivr.left", "call": session.call})
        except Exception:  # one caller's fault must not reach another's; the closed socket sends this one on
            log.exception("the IVR failed", extra={"action": "ivr.failed", "call": session.call})

    async def _head(self, reader: asyncio.StreamReader) -> dict[str, str] | None:
        """None for what is no session of ours: a port scan, a health check, a wrong key."""
        try:
            async with asyncio.timeout(self._head_within):
                head = await reader.readuntil(b"\n\n")
        except (asyncio.IncompleteReadError, asyncio.LimitOverrunError, TimeoutError, OSError):
            return None
        variables = parse_head(head)
        if not hmac.compare_digest(variables.pop("key").encode(), self._key.encode()):
            log.warning("a FastAGI request with a wrong key", extra={"action": "agi.refused"})
            return None
        return variables
