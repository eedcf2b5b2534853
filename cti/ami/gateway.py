"""AmiGateway: the Telephony port on a real Asterisk, by two log-ins.

`cti_read` hears events and takes snapshots, `cti_ctl` acts and hears nothing. Either one lost closes both; both come back
together and the consumer is told SwitchUp, so that it takes a snapshot. Nothing is sent again.
"""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from cti.ami import actions, snapshots
from cti.ami.allowed_actions import CTL_ALLOWED, CTL_NEEDED, READ_ALLOWED, READ_NEEDED
from cti.ami.backoff import Backoff
from cti.ami.connection import AmiConnection, Login, LoginRefused, Pace
from cti.ami.event import header_of, name_of
from cti.ami.event_queue import EventQueue
from cti.ami.first import first
from cti.ami.self_test import check_account
from cti.ami.translate import Translator
from cti.calls.ids import SwitchId
from cti.ports.clock import Clock
from cti.ports.telephony import (
    ActionRefused,
    Place,
    Snapshot,
    SwitchDown,
    SwitchEvent,
    SwitchUnavailable,
    SwitchUp,
)

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class AmiAccess:
    """Where the manager interface is, and the two accounts of manager.conf."""

    host: str
    port: int
    read_secret: str = field(repr=False)
    ctl_secret: str = field(repr=False)
    read_user: str = "cti_read"
    ctl_user: str = "cti_ctl"
    boots_within: float = 60.0  # a starting Asterisk takes the log-in before it is fully booted


@dataclass(frozen=True, slots=True)
class _Session:
    """Two connections that live and die together."""

    read: AmiConnection
    ctl: AmiConnection
    started_at: datetime


class AmiGateway:
    """One switch. `run()` until cancelled; the port's methods fail with SwitchUnavailable while it is not connected."""

    def __init__(self, access: AmiAccess, *, switch: str, clock: Clock, rng: random.Random, pace: Pace | None = None) -> None:
        self.switch = SwitchId(switch)
        self._access, self._clock, self._pace = access, clock, pace or Pace()
        self._backoff = Backoff(rng)
        self._events = EventQueue(clock)
        self._translate = Translator(clock).translate
        self._session: _Session | None = None
        self._started_at: datetime | None = None
        self._uptime: asyncio.Future[float] | None = None
        self._shutdown = False

    @property
    def up(self) -> bool:
        """Both connections are logged in, checked and fully booted."""
        return self._session is not None

    @property
    def overflows(self) -> int:
        """How often the consumer was too slow and had to take a snapshot."""
        return self._events.overflows

    # ---- life -------------------------------------------------------------------------------------------------------

    async def run(self) -> None:
        """Connect, and again after each loss, until cancelled. Raises AccountRefused: such a switch is not to be used."""
        while True:
            why = await self._one_life()
            wait = self._backoff.wait()
            log.info("AMI of %s is away (%s), next attempt in %.1f s", self.switch, why, wait)
            await asyncio.sleep(wait)

    async def _one_life(self) -> str:
        """From connecting to the loss; says why it ended."""
        access = self._access
        read = AmiConnection(Login(access.host, access.port, access.read_user, access.read_secret), self._hear, self._pace)
        ctl = AmiConnection(Login(access.host, access.port, access.ctl_user, access.ctl_secret, "off"), self._hear, self._pace)
        why = "closed"
        try:
            await self._come_up(read, ctl)
            why = await self._lost(read, ctl)
        except LoginRefused as error:
            log.error("%s", error)  # noqa: TRY400  # one sentence; the trace says nothing
            why = "refused"
        except (SwitchUnavailable, ActionRefused) as error:
            log.warning("AMI of %s: %s", self.switch, error)
        finally:
            self._go_down(why)
            read.close()
            ctl.close()
        return why

    async def _come_up(self, read: AmiConnection, ctl: AmiConnection) -> None:
        access, self._shutdown = self._access, False
        self._uptime = uptime = asyncio.get_running_loop().create_future()
        await read.connect()
        await ctl.connect()
        await first(uptime, read.closed(), seconds=access.boots_within)  # Asterisk takes log-ins before it is fully booted
        if not uptime.done():
            raise SwitchUnavailable("Asterisk did not say FullyBooted")
        await check_account(read, access.read_user, allowed=READ_ALLOWED, needed=READ_NEEDED)
        await check_account(ctl, access.ctl_user, allowed=CTL_ALLOWED, needed=CTL_NEEDED)
        before = self._started_at
        self._started_at = await snapshots.started_at(read, self._clock.now(), uptime.result())
        restarted = before is not None and abs((self._started_at - before).total_seconds()) > 1
        self._backoff.reset()
        self._session = _Session(read, ctl, self._started_at)
        self._events.put(SwitchUp(self._clock.now(), "", "", restarted))

    async def _lost(self, read: AmiConnection, ctl: AmiConnection) -> str:
        why = await first(read.closed(), ctl.closed())
        return "shutdown" if self._shutdown else str(why)

    def _go_down(self, why: str) -> None:
        if self._session is not None:
            self._session = None
            self._events.put(SwitchDown(self._clock.now(), "", "", why))

    # ---- events -----------------------------------------------------------------------------------------------------

    def events(self) -> AsyncIterator[SwitchEvent]:
        return self._events.stream()

    def _hear(self, block: bytes) -> None:
        """In the reader: translate and queue, never wait. Before SwitchUp the snapshot that follows it knows better."""
        fact = self._translate(block) if self._session is not None else None
        if fact is not None:
            self._events.put(fact)
        else:
            self._hear_of_asterisk(name_of(block), block)

    def _hear_of_asterisk(self, name: bytes, block: bytes) -> None:
        if name == b"FullyBooted" and self._uptime is not None and not self._uptime.done():
            self._uptime.set_result(float(header_of(block, "Uptime") or 0))
        self._shutdown = self._shutdown or name == b"Shutdown"

    # ---- asking and acting ------------------------------------------------------------------------------------------

    def _connected(self) -> _Session:
        if self._session is None:
            raise SwitchUnavailable("AMI is not connected")
        return self._session

    async def snapshot(self) -> Snapshot:
        session = self._connected()
        return await snapshots.take(session.read, self._clock.now(), session.started_at)

    async def _act(self, action: Mapping[str, str | Sequence[str]]) -> None:
        await self._connected().ctl.action(action)

    async def redirect(self, uniqueid: str, to: Place, extra: tuple[str, Place] | None = None) -> None:
        await self._act(actions.redirect(uniqueid, to, extra))

    async def bridge(self, one: str, two: str) -> None:
        await self._act(actions.bridge(one, two))

    async def hangup(self, uniqueid: str, cause: int = 16) -> None:
        await self._act(actions.hangup(uniqueid, cause))

    async def originate(
        self,
        *,
        channel_id: str,
        channel: str,
        to: Place,
        variables: Mapping[str, str],
        caller_id: str = "",
        timeout_ms: int = 30000,
    ) -> None:
        await self._act(
            actions.originate(
                channel_id=channel_id, channel=channel, to=to, variables=variables, caller_id=caller_id, timeout_ms=timeout_ms
            )
        )

    async def set_variable(self, uniqueid: str | None, name: str, value: str) -> None:
        await self._act(actions.set_variable(uniqueid, name, value))

    async def mute_recording(self, uniqueid: str, on: bool) -> None:
        await self._act(actions.mute_recording(uniqueid, on))

    async def room_kick(self, room: str, uniqueid: str) -> None:
        inside = dict(await snapshots.room_members(self._connected().read, room))
        if uniqueid not in inside:
            raise ActionRefused("ConfbridgeKick", "not in this room")
        await self._act(actions.room_kick(room, inside[uniqueid]))

    async def queue_add(self, queue: str, interface: str) -> None:
        await self._member(actions.queue_add(queue, interface), queue, interface, wanted=True)

    async def queue_remove(self, queue: str, interface: str) -> None:
        await self._member(actions.queue_remove(queue, interface), queue, interface, wanted=False)

    async def _member(self, action: actions.Action, queue: str, interface: str, *, wanted: bool) -> None:
        """A refusal may mean "already so"; the queue's own list tells, never the error's text."""
        try:
            await self._act(action)
        except ActionRefused:
            rows = await self._connected().read.listing(actions.queue_status(queue), "QueueMember")
            if any(row.get("Location") == interface for row in rows) is not wanted:
                raise
