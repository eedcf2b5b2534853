"""Where the telephony contract is played: the fake switch, or a real Asterisk with SIP phones. Both have the same prompter:
a caller arrives, an agent answers, somebody hangs up; the story is what the port's events say."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import random
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Protocol

import httpx

from carillon.softphone.audio import RtpAudio
from carillon.softphone.call import CallState, NoMedia, SipCall
from carillon.softphone.caller import Caller
from carillon.softphone.endpoint import SipEndpoint
from carillon.softphone.transactions import ServerTransaction
from carillon.softphone.transport import UdpTransport
from carillon.softphone.waiting import Changes
from carillon.switch.secrets import ARI_USER
from cti.agi.server import AgiServer
from cti.ami.fake import FakeSwitch
from cti.ami.gateway import AmiAccess, AmiGateway
from cti.ari.accounts import BASE
from cti.ports.ivr_channel import IvrChannel
from cti.ports.telephony import SwitchEvent, Telephony, UserEvent
from tests.support.asterisk import RealAsterisk

LIMIT = 10.0


class WallClock:
    """The real one."""

    def now(self) -> datetime:
        return datetime.now(UTC)  # noqa: TID251

    def monotonic(self) -> float:
        return time.monotonic()


@dataclass
class Heard:
    """All events so far, and waiting for one that is still to come (or has come since `mark`)."""

    telephony: Telephony
    events: list[SwitchEvent] = field(default_factory=list)
    changes: Changes = field(default_factory=Changes)

    async def listen(self) -> None:
        async for event in self.telephony.events():
            self.events.append(event)
            self.changes.tell()

    @property
    def mark(self) -> int:
        return len(self.events)

    def find(self, kind: type | str, since: int = 0, **fields: object) -> SwitchEvent | None:
        for event in self.events[since:]:
            named = isinstance(event, UserEvent) and event.name == kind if isinstance(kind, str) else isinstance(event, kind)
            if named and all(getattr(event, name) == value for name, value in fields.items()):
                return event
        return None

    async def wait(self, kind: type | str, since: int = 0, **fields: object) -> Any:
        try:
            await self.changes.until(lambda: self.find(kind, since, **fields) is not None, LIMIT)
        except TimeoutError:
            raise AssertionError(f"no {kind} {fields} in\n" + "\n".join(map(str, self.events[since:]))) from None
        found = self.find(kind, since, **fields)
        assert found is not None
        return found


class Stage(Protocol):
    """What the stories need."""

    telephony: Telephony
    heard: Heard
    agent: str  # the end point that the agent's phone is at

    async def caller_arrives(self) -> str: ...
    def caller_hangs_up(self) -> None: ...
    async def rings(self) -> None: ...
    async def agent_answers(self) -> None: ...
    async def agent_declines(self) -> None: ...
    def agent_hangs_up(self) -> None: ...
    async def callee_answers(self) -> None: ...
    async def callee_declines(self) -> None: ...
    def callee_hangs_up(self) -> None: ...


_numbers = itertools.count(1)


class FakeStage:
    """The fake switch and its test side."""

    def __init__(self) -> None:
        self.switch = FakeSwitch(WallClock(), after_seconds=1.0)
        self.telephony: Telephony = self.switch
        self.heard = Heard(self.switch)
        self.agent = "w-agent-1"
        self._caller = ""

    async def caller_arrives(self) -> str:
        self._caller = self.switch.caller_arrives("+8613800138000", "4001", "Anna")
        await self.switch.set_variable(self._caller, "CTI_NEXT", "cti-hold")
        self.switch.ivr_ends(self._caller)
        return self._caller

    def caller_hangs_up(self) -> None:
        self.switch.hang_up(self._caller)

    async def rings(self) -> None:
        assert self.switch.ringing(self.agent)

    async def agent_answers(self) -> None:
        self.switch.agent_answers(self.agent)

    async def agent_declines(self) -> None:
        self.switch.agent_declines(self.agent)

    def agent_hangs_up(self) -> None:
        self.switch.hang_up(self.switch.leg_of(self.agent))

    async def callee_answers(self) -> None:
        self.switch.callee_answers()

    async def callee_declines(self) -> None:
        self.switch.callee_declines()

    def callee_hangs_up(self) -> None:
        self.switch.hang_up(self.switch.leg_of("trunk"))


@contextlib.asynccontextmanager
async def fake_stage() -> AsyncIterator[FakeStage]:
    """The fake, with one reachable agent."""
    stage = FakeStage()
    stage.switch.connect()
    stage.switch.register(stage.agent)
    async with listening(stage.heard):
        yield stage
    stage.switch.close()


@contextlib.asynccontextmanager
async def listening(heard: Heard) -> AsyncIterator[None]:
    task = asyncio.ensure_future(heard.listen())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


class DeskPhone:
    """A phone of an agent: rings until the test says what becomes of it."""

    def __init__(self) -> None:
        self._endpoint = SipEndpoint(self._invited)
        self.calls: list[SipCall] = []
        self.headers: list[Callable[[str], str]] = []
        self.changes = Changes()
        self._audio: list[RtpAudio] = []

    async def open(self, address: tuple[str, int] = ("127.0.0.1", 0)) -> int:
        transport = await UdpTransport.open(self._endpoint.receive, address)
        self._endpoint.attach(transport)
        self.host = transport.host
        port: str = transport.host.rpartition(":")[2]
        return int(port)

    def _invited(self, transaction: ServerTransaction) -> None:
        call = SipCall(self._endpoint, local=transaction.request.get("To"), media=NoMedia(), contact=f"sip:agent@{self.host}")
        call.incoming(transaction)
        call.ring()
        self.calls.append(call)
        self.headers.append(transaction.request.get)
        self.changes.tell()

    def ringing(self) -> SipCall | None:
        return next((call for call in self.calls if call.state is CallState.RINGING), None)

    async def rings(self) -> SipCall:
        await self.changes.until(lambda: self.ringing() is not None, LIMIT)
        call = self.ringing()
        assert call is not None
        return call

    async def answer(self) -> SipCall:
        call = await self.rings()
        audio = await RtpAudio.open(self.host.partition(":")[0])
        self._audio.append(audio)
        call.media = audio
        call.answer(audio.offered(call.remote_sdp))
        return call

    async def close(self) -> None:
        for call in self.calls:
            call.hangup()
        await self._endpoint.settled(4.0)
        for audio in self._audio:
            audio.close()
        self._endpoint.close()


async def decide_hold(channel: IvrChannel) -> None:
    """The shortest IVR there is."""
    await channel.answer()
    await channel.set_variable("CTI_NEXT", "cti-hold")


class RealStage:
    """Asterisk, a caller on the trunk and a desk phone whose end point was pushed by ARI."""

    def __init__(self, real: RealAsterisk, gateway: AmiGateway) -> None:
        self.real, self.telephony = real, gateway
        self.heard = Heard(gateway)
        self.phone = DeskPhone()
        self.callee = DeskPhone()  # on the trunk's other side
        self.agent = f"w-agent-{next(_numbers)}"  # a fresh one: Asterisk keeps a fixed contact's first address
        self._callers: list[Caller] = []

    async def caller_arrives(self) -> str:
        mark = self.heard.mark
        caller = Caller(("127.0.0.1", self.real.settings.sip_port), name="Anna")
        await caller.__aenter__()
        self._callers.append(caller)
        caller.dial("4001")
        return str((await self.heard.wait("CTIArrived", mark)).uniqueid)

    def caller_hangs_up(self) -> None:
        self._callers[-1].hangup()

    async def rings(self) -> None:
        await self.phone.rings()

    async def agent_answers(self) -> None:
        await self.phone.answer()

    async def agent_declines(self) -> None:
        (await self.phone.rings()).refuse(603)

    def agent_hangs_up(self) -> None:
        self.phone.calls[-1].hangup()

    async def callee_answers(self) -> None:
        await self.callee.answer()

    async def callee_declines(self) -> None:
        (await self.callee.rings()).refuse(486)

    def callee_hangs_up(self) -> None:
        self.callee.calls[-1].hangup()

    async def close(self) -> None:
        for caller in self._callers:
            await caller.__aexit__(None, None, None)
        await self.phone.close()
        await self.callee.close()


def gateway_to(real: RealAsterisk, *, port: int = 0, **more: object) -> AmiGateway:
    """A gateway to this Asterisk, or to a proxy's port before it."""
    rng = random.Random(1)  # noqa: S311  # jitter of the reconnect
    access = AmiAccess("127.0.0.1", port or real.settings.ami_port, real.secrets.ami_read, real.secrets.ami_ctl)
    return AmiGateway(access, switch=real.settings.switch_id, clock=WallClock(), rng=rng, **more)  # type: ignore[arg-type]


@contextlib.asynccontextmanager
async def running(gateway: AmiGateway) -> AsyncIterator[None]:
    task = asyncio.ensure_future(gateway.run())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def push_phone(real: RealAsterisk, name: str, port: int) -> None:
    """An end point with a fixed contact: a telephone that needs no registration."""
    settings = real.settings
    common = {"context": "from-agent", "disallow": "all", "allow": "ulaw", "identify_by": "ip", "direct_media": "no"}
    async with httpx.AsyncClient(
        base_url=f"http://127.0.0.1:{settings.asterisk_http_port}", auth=(ARI_USER, real.secrets.ari), trust_env=False
    ) as http:
        for kind, fields in (("aor", {"contact": f"sip:{name}@127.0.0.1:{port}"}), ("endpoint", {**common, "aors": name})):
            body = {"fields": [{"attribute": attribute, "value": value} for attribute, value in fields.items()]}
            (await http.put(f"{BASE}/{kind}/{name}", json=body)).raise_for_status()


@contextlib.asynccontextmanager
async def real_stage(real: RealAsterisk) -> AsyncIterator[RealStage]:
    """Everything real, on this Asterisk."""
    gateway = gateway_to(real)
    stage = RealStage(real, gateway)
    await push_phone(real, stage.agent, await stage.phone.open())
    await stage.callee.open(("127.0.0.2", real.settings.trunk_peer_port))
    async with (
        AgiServer("127.0.0.1", real.settings.agi_port, real.secrets.agi, decide_hold),
        running(gateway),
        listening(stage.heard),
    ):
        try:
            yield stage
        finally:
            await stage.close()
