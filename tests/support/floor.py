"""A whole core on a FakeSwitch: real services, real journal, a console that acknowledges; for unit tests of call stories."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from crm_core.numbers import normalise
from cti.ami.fake import FakeSwitch
from cti.calls.agent_states import AgentState
from cti.calls.facts import Fact, JsonValue
from cti.ports.accounts import EndpointClass, SoftphoneAccounts
from cti.ports.telephony import SwitchUnavailable, Telephony
from cti.services.commands import Asker
from cti.services.core import Core
from cti.services.effects import Effects
from cti.services.house import House, QueueSettings
from cti.services.limits import Limits
from cti.services.recorder import Recorder
from cti.services.state import Agent, Call, Floor
from cti.services.timers import Timers
from cti.store.journal import SqliteJournal


class WallClock:
    """The real one: these tests are about order, not about time."""

    def now(self) -> datetime:
        return datetime.now(UTC)  # noqa: TID251

    def monotonic(self) -> float:
        return time.monotonic()


@dataclass
class Console:
    """Records what is published; answers pops for pages that are alive."""

    core: Core | None = None
    entities: dict[tuple[str, str], Mapping[str, JsonValue] | None] = field(default_factory=dict)
    messages: list[tuple[str, Mapping[str, JsonValue]]] = field(default_factory=list)
    frozen: set[str] = field(default_factory=set)

    def publish(self, changes: Sequence[tuple[str, str, Mapping[str, JsonValue] | None]]) -> None:
        for kind, name, value in changes:
            self.entities[kind, name] = value

    def send_page(self, page: str, message: Mapping[str, JsonValue]) -> None:
        self.messages.append((page, message))
        nonce = message.get("nonce")
        if message["type"] == "pop" and nonce and page not in self.frozen and self.core is not None:
            asyncio.get_running_loop().call_soon(self.core.pages.acknowledged, page, str(nonce))

    def pops(self, page: str) -> list[Mapping[str, JsonValue]]:
        return [message for who, message in self.messages if who == page and message["type"] == "pop"]


@dataclass
class Accounts:
    """Softphone accounts in memory."""

    live: dict[str, str] = field(default_factory=dict)
    away: bool = False
    refused: int = 0
    waiting: bool = False
    gate: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.gate.set()

    async def _reached(self) -> None:
        self.waiting = not self.gate.is_set()
        await self.gate.wait()
        if self.away:
            self.refused += 1
            raise SwitchUnavailable("ARI: away")

    async def mint(self, endpoint: str, secret: str, kind: EndpointClass) -> None:
        await self._reached()
        self.live[endpoint] = secret

    async def revoke(self, endpoint: str) -> None:
        await self._reached()
        self.live.pop(endpoint, None)

    async def list(self) -> list[str]:
        return list(self.live)


@dataclass
class Owners:
    """Owners by number."""

    rows: dict[str, list[dict[str, JsonValue]]] = field(default_factory=dict)

    async def candidates(self, e164: str) -> list[dict[str, JsonValue]]:
        return self.rows.get(e164, [])


# Short is what most stories wait for; what only some wait for is longer than a busy machine may stop, and they say it themselves.
FAST = Limits(
    page_ack=0.2,
    ring=30.0,
    hold_for_agent=20.0,
    wrap_up=5.0,
    api_away=20.0,
    announce_first=0.2,
    announce_every=5.0,
    after_agent=2.0,
    spare_account=0.05,
    retire_account=0.05,
)
QUEUES = {
    "repairs": QueueSettings(id="repairs", name_zh="报修", name_en="Repairs", skills=frozenset({"repairs"})),
    "enquiries": QueueSettings(id="enquiries", name_zh="咨询", name_en="Enquiries", skills=frozenset({"enquiries"})),
}


class World:
    """One core, its switch and its people. Stories are told through its methods."""

    def __init__(self, folder: Path, limits: Limits = FAST, switch: FakeSwitch | None = None, epoch: str = "e1") -> None:
        self.clock = WallClock()
        self.switch = switch or FakeSwitch(self.clock, ring_seconds=limits.ring, after_seconds=limits.after_agent)
        self.console, self.accounts, self.owners = Console(), Accounts(), Owners()
        self.journal = SqliteJournal(folder / "journal.sqlite3")
        counter = itertools.count(1)
        recorder = Recorder(self.journal, self.clock, lambda: f"{epoch}-f{next(counter)}")
        self.facts: list[Fact] = []
        recorder.listeners.append(lambda fact, _call: self.facts.append(fact))
        self.house = House(
            switch="sw1",
            epoch=epoch,
            region="CN",
            region_of=lambda dnis: "US" if dnis == "4009" else "",
            floor=Floor(),
            recorder=recorder,
            effects=Effects(recorder.commit),
            timers=Timers(),
            telephony=self.switch,
            accounts=self.accounts,
            consoles=self.console,
            owners=self.owners,
            clock=self.clock,
            limits=limits,
            queues=QUEUES,
            default_queue="repairs",
            new_id=lambda: f"{epoch}-{next(counter)}",
            new_secret=lambda: "s3cret" * 5,
        )
        self.rewire(self.switch, self.accounts)

    def rewire(self, telephony: Telephony, accounts: SoftphoneAccounts) -> None:
        """The same house on another switch."""
        self.house = replace(self.house, telephony=telephony, accounts=accounts)
        self.core = Core(self.house, lambda raw, region: normalise(raw, region).e164)
        self.console.core = self.core

    # ---- people -----------------------------------------------------------------------------------------------------

    def employ(self, name: str, *skills: str, role: str = "agent") -> Agent:
        agent = Agent(
            id=name,
            user=f"user-{name}",
            name=name,
            number="1",
            role=role,
            team="t",
            skills=dict.fromkeys(skills or ("repairs", "zh", "en"), 1),
            since=self.clock.now(),
        )
        self.house.floor.agents[name] = agent
        return agent

    async def ready(self, name: str, *skills: str, role: str = "agent") -> Agent:
        agent = self.house.floor.agents.get(name) or self.employ(name, *skills, role=role)
        self.core.pages.opened(agent, f"page-{name}")
        await self.softphone(name)
        await self.command(name, "agent.state", state="READY")
        return agent

    async def softphone(self, name: str) -> str:
        account = await self.command(name, "softphone.mint", page=f"page-{name}")
        assert isinstance(account, dict)
        self.switch.register(account["endpoint"])
        await until(lambda: self.agent(name).registered)
        return str(account["endpoint"])

    async def command(self, name: str, command: str, **args: JsonValue) -> JsonValue:
        agent = self.house.floor.agents[name]
        result = await self.core.commands.run(Asker(agent.user, agent.role, agent.id, agent.page or ""), command, args)
        self.house.recorder.commit()
        return result

    def agent(self, name: str) -> Agent:
        return self.house.floor.agents[name]

    # ---- calls ------------------------------------------------------------------------------------------------------

    async def calls_in(
        self, number: str = "+8613800138000", queue: str = "repairs", language: str = "zh", name: str = "", dnis: str = "4001"
    ) -> Call:
        """A caller who has passed the IVR and waits."""
        leg = self.switch.caller_arrives(number, dnis, name)
        await until(lambda: self.house.floor.call_of_leg(leg) is not None)
        call = self.house.floor.call_of_leg(leg)
        assert call is not None
        self.core.arrivals.enqueue(call, queue, language)
        self.switch._plan.channels[leg].variables["CTI_NEXT"] = "cti-hold"
        self.switch.ivr_ends(leg)
        return call

    async def rings(self, name: str) -> None:
        await until(lambda: self.agent(name).state is AgentState.RINGING and self.switch.ringing(self.agent(name).endpoint))

    async def talk(self, name: str, call: Call) -> None:
        await self.rings(name)
        self.switch.agent_answers(self.agent(name).endpoint)
        await until(lambda: self.agent(name).state is AgentState.ON_CALL)
        assert self.agent(name).call == call.id

    def kinds(self, call: Call) -> list[str]:
        return [fact.kind.value for fact in self.facts if fact.call == call.id]

    def asked(self, method: str) -> list[tuple[str, ...]]:
        return [action for action in self.switch.actions if action[0] == method]


async def until(condition, timeout: float = 30.0) -> None:
    """Wait for a condition, not for a time; the failure names it."""
    async with asyncio.timeout(timeout):
        while not condition():  # noqa: ASYNC110  (conditions of many kinds)
            await asyncio.sleep(0.005)


@contextlib.asynccontextmanager
async def world(folder: Path, **changes: float) -> AsyncIterator[World]:
    """A running core; the switch is up and compared."""
    it = World(folder, replace(FAST, **changes))
    async with running(it):
        yield it


@contextlib.asynccontextmanager
async def running(it: World) -> AsyncIterator[World]:
    it.journal.open()
    tasks = [asyncio.ensure_future(part) for part in (it.house.effects.run(), it.core.run(), it.switch.run())]
    try:
        await asyncio.wait_for(it.core.ready.wait(), 8)
        yield it
    finally:
        it.house.timers.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        it.house.timers.close()  # what those still started
        it.journal.close()
