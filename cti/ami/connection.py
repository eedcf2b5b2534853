"""One AMI log-in: panoramisk's connection, log-in, actions and their lists, with its measured faults closed.

An event that answers no action never reaches panoramisk's parser (40 k events per core-second, 13 k to callbacks) but goes to
`on_event` as its block of bytes. One connection lives once: when it is lost, whoever owns it makes a new one. Nothing is ever
sent again.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from panoramisk import Manager
from panoramisk.ami_protocol import AMIProtocol
from panoramisk.message import Message

from cti.ami import frame
from cti.ami.event import PREFIX
from cti.ports.telephony import ActionRefused, SwitchUnavailable

log = logging.getLogger(__name__)

MAX_BLOCK = 1 << 20  # no AMI message is as long; a peer that sends more without an end is not Asterisk
END = b"\r\n\r\n"


class LoginRefused(SwitchUnavailable):
    """Asterisk answered the log-in with an error: wrong secret, or the account does not exist."""


@dataclass(frozen=True, slots=True)
class Login:
    """Where and as whom. `events` is what this connection wants to hear: on or off."""

    host: str
    port: int
    username: str
    secret: str = field(repr=False)
    events: str = "on"


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds. A peer that said nothing for `dead_after` is gone, whatever TCP thinks (it would take 15 minutes).

    The silence is counted in turns of our own watch, `dead_after / ping_every` of them: whatever stops our loop, or the whole
    machine, costs one turn however long it lasts, and is not taken for the peer's silence.
    """

    ping_every: float = 1.0
    dead_after: float = 3.0
    answer_within: float = 5.0
    connect_within: float = 5.0


class Answer:
    """One message of an action's answer: headers in order, several of one name kept."""

    __slots__ = ("_headers",)

    def __init__(self, headers: Mapping[str, str | list[str]]) -> None:
        self._headers = {name.lower(): value for name, value in headers.items()}

    def get(self, name: str) -> str:
        """The (first) value, or ''."""
        value = self._headers.get(name.lower(), "")
        return value if isinstance(value, str) else value[0]

    def all(self, name: str) -> list[str]:
        """All values of this name."""
        value = self._headers.get(name.lower(), [])
        return [value] if isinstance(value, str) else value

    def names(self) -> list[str]:
        """Header names, lower case."""
        return list(self._headers)


class _Protocol(AMIProtocol):  # type: ignore[misc]  # the library has no types
    """Complete blocks only (a UTF-8 character split over two reads is not lost), events aside, nothing queued for later."""

    received: Callable[[], None]
    on_event: Callable[[bytes], None]

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self._rest = b""

    def data_received(self, data: bytes) -> None:
        self.received()
        if self._rest:
            data = self._rest + data
        if self.version is None:
            data = self._banner(data)
        *blocks, self._rest = data.split(END)
        if len(self._rest) > MAX_BLOCK:
            log.error("AMI peer sent a block without end, dropping it")
            self.transport.abort()
            return
        for block in blocks:
            if block.startswith(PREFIX) and not (self.responses and self._answers(block)):
                try:
                    self.on_event(block)
                except Exception:  # a callback's mistake must not cost the connection and the rest of what was read
                    log.exception("a handler of AMI events failed")
            else:
                # bytes that are no UTF-8 are shown as such; the library would lose them silently
                super().data_received(block.decode("utf-8", "replace").encode() + END)

    def _banner(self, data: bytes) -> bytes:
        line, found, rest = data.partition(b"\r\n")
        if not found:
            return data
        self.version = line.decode("ascii", "replace").rpartition("/")[2]
        return rest

    def _answers(self, block: bytes) -> bool:
        """Does this event belong to a list that an action of ours waits for?"""
        start = block.find(b"\r\nActionID: ")
        if start < 0:
            return False
        end = block.find(b"\r\n", start + 12)
        return block[start + 12 : end if end >= 0 else None].decode("utf-8", "replace") in self.responses

    def handle_message(self, message: Message) -> None:
        try:
            super().handle_message(message)
        except Exception:  # one answer that the library cannot take must not cost the connection
            log.exception("an AMI answer could not be handled")

    def close(self) -> None:
        """Pending actions fail now: sent again after a reconnect, an Originate would dial twice."""
        pending = list(self.responses.values())
        self.responses.clear()
        for action in pending:
            if not action.future.done():
                action.future.set_exception(
                    SwitchUnavailable("the AMI connection was lost; what became of the action is unknown")
                )
                action.future.exception()  # seen: somebody may have stopped waiting
        super().close()


class _Manager(Manager):  # type: ignore[misc]  # the library has no types
    """panoramisk's manager for one life: no reconnect of its own, a watch that checks for answers."""

    def __init__(self, connection: AmiConnection, **config: Any) -> None:
        super().__init__(**config)
        self._connection = connection

    def connection_made(self, connected: asyncio.Future[Any]) -> None:
        if not connected.cancelled() and connected.exception() is None:
            super().connection_made(connected)

    def login(self, future: asyncio.Future[Any]) -> bool:
        if future.cancelled() or future.exception() is not None:
            return False
        return bool(super().login(future))

    def ping(self) -> None:
        self._connection.watch()

    def connection_lost(self, exc: Exception | None) -> None:
        self.authenticated = False
        self.close()
        self._connection.lost("closed")


class AmiConnection:
    """`connect`, `action` or `listing`, until `closed` says why it ended."""

    def __init__(self, login: Login, on_event: Callable[[bytes], None], pace: Pace = Pace()) -> None:  # frozen
        self._login, self._pace, self._on_event = login, pace, on_event
        self._manager: Any = None
        self._unanswered = 0  # turns of the watch since the peer said anything
        self._closed: asyncio.Future[str] | None = None

    # ---- life -------------------------------------------------------------------------------------------------------

    async def connect(self) -> None:
        """Connect and log in. Raises SwitchUnavailable, LoginRefused."""
        loop = asyncio.get_running_loop()
        self._closed = loop.create_future()
        self._manager = _Manager(
            self,
            loop=loop,
            host=self._login.host,
            port=self._login.port,
            username=self._login.username,
            secret=self._login.secret,
            events=self._login.events,
            encoding="utf8",
            protocol_factory=self._protocol,
        )
        self._manager.ping_delay = self._pace.ping_every  # the library's setting knows whole seconds only
        try:
            async with asyncio.timeout(self._pace.connect_within):
                await self._manager.connect()
                accepted = await asyncio.shield(self._manager.authenticated_future)
        except (OSError, TimeoutError) as error:
            self.close()
            raise SwitchUnavailable(f"no AMI at {self._login.host}:{self._login.port}: {error or 'no answer'}") from error
        except BaseException:  # cancelled in the middle of the log-in: no half-open connection is left behind
            self.close()
            raise
        if not accepted.success:
            self.close()
            raise LoginRefused(f"AMI refused the log-in of {self._login.username}: {accepted.message}")

    def _protocol(self) -> _Protocol:
        protocol = _Protocol()
        protocol.received = self._heard
        protocol.on_event = self._on_event
        return protocol

    def _heard(self) -> None:
        self._unanswered = 0

    def watch(self) -> None:
        """Every `ping_every` seconds: ask, and drop a peer that has not said anything for `dead_after`."""
        manager = self._manager
        if manager is None or manager.protocol is None or manager.protocol.closed:
            return
        if self._unanswered * self._pace.ping_every >= self._pace.dead_after:
            log.warning("AMI silent for %.1f s, dropping it", self._pace.dead_after)
            self._end("silent")
            return
        manager.pinger = manager.loop.call_later(self._pace.ping_every, manager.ping)
        manager.protocol.send({"Action": "Ping"})
        self._unanswered += 1

    def lost(self, why: str) -> None:
        """The transport is gone."""
        if self._closed is not None and not self._closed.done():
            self._closed.set_result(why)

    def _end(self, why: str) -> None:
        self.lost(why)
        if self._manager is not None and self._manager.protocol is not None:
            self._manager.protocol.transport.abort()
            self._manager.close()

    def close(self) -> None:
        """At once; pending actions fail with SwitchUnavailable."""
        self._end("closed")
        if self._manager is not None:
            self._manager.close()

    async def closed(self) -> str:
        """Wait for the end: closed (by the peer, or by us) or silent."""
        if self._closed is None:
            return "closed"
        return await asyncio.shield(self._closed)

    @property
    def pending(self) -> int:
        """Actions without an answer yet."""
        manager = self._manager
        return len(manager.protocol.responses) if manager is not None and manager.protocol is not None else 0

    # ---- actions ----------------------------------------------------------------------------------------------------

    async def action(self, action: Mapping[str, str | Sequence[str]]) -> Answer:
        """One action, one answer. Raises ActionRefused, SwitchUnavailable, InvalidValue."""
        # as_list=False: Originate would else wait for the ring to end, QueueAdd for ever (both measured)
        return _accepted(action, await self._send(action, as_list=False))

    async def listing(self, action: Mapping[str, str | Sequence[str]], event: str) -> list[Answer]:
        """An action that answers by a list: its events of this name. Raises as `action` does."""
        answers = await self._send(action, as_list=None)
        if not isinstance(answers, list):
            _accepted(action, answers)
            return []
        return [Answer(dict(one.items())) for one in answers if one.event == event]

    async def _send(self, action: Mapping[str, str | Sequence[str]], *, as_list: bool | None) -> Any:
        frame.check(action)
        manager = self._manager
        if manager is None or not manager.authenticated or manager.protocol.closed:
            raise SwitchUnavailable("AMI is not connected")
        responses = manager.protocol.responses
        future = manager.send_action(dict(action), as_list=as_list)
        try:
            async with asyncio.timeout(self._pace.answer_within):  # wait_for would swallow a cancellation beside the answer
                return await future
        except TimeoutError as error:
            raise SwitchUnavailable(f"{action['Action']}: no answer within {self._pace.answer_within} s") from error
        finally:
            for key in [key for key, sent in responses.items() if sent.future is future]:
                del responses[key]


def _accepted(action: Mapping[str, str | Sequence[str]], message: Message) -> Answer:
    if not message.success:
        raise ActionRefused(str(action["Action"]), message.message)
    return Answer(dict(message.items()))
