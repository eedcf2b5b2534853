"""A whole core on a real Asterisk, in the test's process: real AMI, ARI, AGI and audio; software phones at both ends."""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

from carillon.core.ivr_desk import IvrDesk, load_ivr
from carillon.softphone.agent_phone import AgentPhone, Line, PhoneCall
from carillon.softphone.caller import Caller
from carillon.softphone.digest import Credentials
from carillon.softphone.sound import Loop, tone
from carillon.switch.secrets import ARI_USER
from cti.agi.server import AgiServer
from cti.ami.gateway import AmiAccess, AmiGateway
from cti.ari.accounts import AriAccounts
from cti.calls.agent_states import AgentState
from cti.services.limits import Limits
from cti.services.state import Agent, Call
from ivr.house import read_ivr
from tests.support.asterisk import RealAsterisk
from tests.support.floor import QUEUES, World, until

CALLER_TONE = 600
TONES = {"ann": 1000, "bob": 1400, "eve": 1800}
CANDIDATES = [CALLER_TONE, *TONES.values()]


@dataclass
class Desk:
    """One person with a software phone (plain RTP) registered straight at Asterisk's WebSocket."""

    agent: Agent
    phone: AgentPhone
    task: asyncio.Task[None]

    async def leave(self) -> None:
        """Hang up and close the socket."""
        self.task.cancel()
        await asyncio.gather(self.task, return_exceptions=True)
        await self.phone.__aexit__(None, None, None)

    async def in_call(self) -> PhoneCall:
        await until(lambda: any(call.audio is not None for call in self.phone.calls), 10)
        return next(call for call in self.phone.calls if call.audio is not None)


class Live(World):
    """World with Asterisk instead of the FakeSwitch."""

    def __init__(self, asterisk: RealAsterisk, folder: Path, limits: Limits, accounts: AriAccounts) -> None:
        settings, secrets = asterisk.settings, asterisk.secrets
        self.asterisk = asterisk
        super().__init__(folder, limits)
        self.gateway = AmiGateway(
            AmiAccess("127.0.0.1", settings.ami_port, secrets.ami_read, secrets.ami_ctl),
            switch=settings.switch_id,
            clock=self.clock,
            rng=random.Random(1),  # noqa: S311
        )
        self.rewire(self.gateway, accounts)

    async def log_in(self, name: str, *skills: str, role: str = "agent") -> Desk:
        """A READY person with a page and a registered phone."""
        agent = self.employ(name, *skills, role=role)
        self.core.pages.opened(agent, f"page-{name}")
        account = await self.command(name, "softphone.mint", page=f"page-{name}", kind="plain")
        assert isinstance(account, dict)
        phone = AgentPhone(tone(TONES[name]), plain=True, answer_after=0.3)
        await phone.__aenter__()
        url = f"ws://127.0.0.1:{self.asterisk.settings.asterisk_http_port}/ws"
        line = Line(url, "http://localhost", Credentials(account["endpoint"], account["secret"]), "carillon")
        task = asyncio.ensure_future(phone.run(line, lambda: None))
        await until(lambda: agent.registered, 10)
        await self.command(name, "agent.state", state="READY")
        return Desk(agent, phone, task)

    @contextlib.asynccontextmanager
    async def caller(self, number: str = "13800138000", name: str = "王小明", dnis: str = "4001") -> AsyncIterator[Caller]:
        """A caller with a tone of his own, ringing."""
        async with Caller(("127.0.0.1", self.asterisk.settings.sip_port), number=number, name=name) as caller:
            caller.say(Loop(tone(CALLER_TONE)))
            caller.dial(dnis)
            yield caller

    async def call_of(self, caller: Caller) -> Call:
        """The caller's call, as the core knows it by the SIP Call-ID."""

        def found() -> Call | None:
            return next((c for c in self.house.floor.calls.values() if c.record.sip_call_id == caller.sip_call_id), None)

        await until(found, 10)
        call = found()
        assert call is not None
        return call

    async def state(self, name: str, *states: AgentState, timeout: float = 15) -> None:
        await until(lambda: self.agent(name).state in states, timeout)


SHORT_FLOW = {
    "main.yaml": "flow: main\nlanguage: zh\nstart: default\nnodes:\n  default: {enqueue: default}\n",
    "numbers.yaml": "other: {flow: main, queue: repairs}\n",
}
LIVE = Limits(page_ack=1.0, hold_for_agent=5.0, wrap_up=30.0, announce_first=60.0, heartbeat=1.0)


@contextlib.asynccontextmanager
async def live(asterisk: RealAsterisk, folder: Path, limits: Limits = LIVE, *, whole_ivr: bool = False) -> AsyncIterator[Live]:
    """A running core. The IVR asks nothing unless `whole_ivr`: most stories begin after it."""
    settings, secrets = asterisk.settings, asterisk.secrets
    async with AriAccounts(f"http://127.0.0.1:{settings.asterisk_http_port}", ARI_USER, secrets.ari) as accounts:
        it = Live(asterisk, folder, limits, accounts)
        it.journal.open()
        ivr = load_ivr([*QUEUES, "complaints"]) if whole_ivr else read_ivr(SHORT_FLOW, list(QUEUES), ["notice"])
        desk = IvrDesk(it.core, ivr)
        tasks = [asyncio.ensure_future(part) for part in (it.house.effects.run(), it.core.run(), it.gateway.run())]
        try:
            async with AgiServer("127.0.0.1", settings.agi_port, secrets.agi, desk.serve):
                await asyncio.wait_for(it.core.ready.wait(), 10)
                yield it
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            it.house.timers.close()
            it.journal.close()
