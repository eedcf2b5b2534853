"""People around a whole instance, in the test's own loop: software agents, callers with ears, and what the records say."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import sqlite3
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from carillon import runfile
from carillon.cli.instance import api_client
from carillon.settings import Settings
from carillon.softphone.caller import Caller
from carillon.softphone.sound import Loop, agent_frequency, tone
from carillon.softphone.ws_agent import AgentHabits, SoftAgent
from carillon.switch.secrets import load_or_create
from tests.support.asterisk import RealAsterisk
from tests.support.ears import seconds_of
from tests.support.instance import Instance, running_instance

Json = dict[str, Any]


@dataclass(frozen=True)
class Whole:
    """One running instance and what a test may do to it."""

    instance: Instance

    @property
    def settings(self) -> Settings:
        return self.instance.settings

    def kill(self, part: str, how: int = signal.SIGKILL) -> int:
        """The pid that was signalled."""
        pid = self.instance.pid(part)
        os.kill(pid, how)
        return pid

    @contextlib.contextmanager
    def supervisor_stopped(self) -> Iterator[None]:
        """Nobody restarts what dies meanwhile."""
        os.kill(self.instance.process.pid, signal.SIGSTOP)
        try:
            yield
        finally:
            os.kill(self.instance.process.pid, signal.SIGCONT)

    def password(self, login: str) -> str:
        accounts = json.loads(self.settings.demo_accounts_file.read_text())
        return next(str(account["password"]) for account in accounts if account["login"] == login)

    # ---- what is written --------------------------------------------------------------------------------------------

    def rows(self, sql: str, *values: object) -> list[Json]:
        """Of the business database."""
        with contextlib.closing(sqlite3.connect(self.settings.state / "carillon.sqlite3", timeout=10)) as db:
            db.row_factory = sqlite3.Row
            return [dict(row) for row in db.execute(sql, values)]

    def record(self, caller: Caller) -> Json | None:
        """The caller's call record, found by the SIP Call-ID."""
        found = self.rows("SELECT * FROM call_records WHERE sip_call_id = ?", caller.sip_call_id)
        return found[0] if found else None

    def facts(self, call: str) -> list[str]:
        """Kinds, in order."""
        return [row["kind"] for row in self.rows("SELECT kind FROM call_facts WHERE call_id = ? ORDER BY seq", call)]

    def switch_says(self, command: str) -> str:
        """The answer of the switch's own command line."""
        switch = RealAsterisk(self.settings, load_or_create(self.settings.secrets_file), self.instance.process)  # type: ignore[arg-type]
        return switch.cli(command)

    def channels(self) -> int:
        """Channels on the switch now."""
        return int(self.switch_says("core show channels count").split(" active channel")[0].split()[-1])

    # ---- people -----------------------------------------------------------------------------------------------------

    @contextlib.asynccontextmanager
    async def agent(self, login: str = "agent1024", **habits: Any) -> AsyncIterator[SoftAgent]:
        """A software agent that is READY."""
        ready = asyncio.Event()
        chosen = AgentHabits(**({"answer_after": 0.2, "wrap_up_after": 0.2} | habits))
        async with api_client(self.settings) as api:
            agent = SoftAgent(api, login, self.password(login), habits=chosen, ready=ready.set)
            task = asyncio.ensure_future(agent.run())
            try:
                await asyncio.wait_for(ready.wait(), 40)
                yield agent
            finally:
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)

    @contextlib.asynccontextmanager
    async def caller(self, number: str = "13800138000", dnis: str = "4001", keys: str = "11") -> AsyncIterator[Caller]:
        """A caller in the default queue as fast as keys get him there; '' presses none."""
        async with Caller(("127.0.0.1", self.settings.sip_port), number=number) as caller:
            caller.say(Loop(tone(600)))
            caller.dial(dnis)
            pressing = asyncio.ensure_future(self._press(caller, keys))
            try:
                yield caller
            finally:
                pressing.cancel()
                await asyncio.gather(pressing, return_exceptions=True)
                caller.hangup()

    async def _press(self, caller: Caller, keys: str) -> None:
        """After the notice, which hears no keys; without a core nobody says that it is over."""
        over = "SELECT 1 FROM call_facts JOIN call_records r ON r.id = call_id WHERE sip_call_id = ? AND kind = 'ivr.step'"
        began = time.monotonic()
        while time.monotonic() < began + 5 and not self.rows(over, caller.sip_call_id):  # noqa: ASYNC110
            await asyncio.sleep(0.1)
        for key in keys:
            await asyncio.sleep(0.3)
            await caller.press(key)
            await asyncio.sleep(0.2)

    # ---- waiting ----------------------------------------------------------------------------------------------------

    async def until(self, condition: Callable[[], Any], timeout: float = 20.0, what: str = "") -> Any:
        """Wait for a condition; its value. The failure names what was waited for and shows the logs' ends."""
        deadline = time.monotonic() + timeout
        while not (found := condition()):
            if time.monotonic() > deadline:
                sys.stderr.write(self.instance.log_tails(25))
                raise AssertionError(f"not within {timeout} s: {what or condition}")
            await asyncio.sleep(0.05)
        return found

    async def until_record(self, condition: Callable[[], Any], timeout: float, what: str) -> Json:
        """The same for a record."""
        found: Json = await self.until(condition, timeout, what)
        return found

    async def queued(self, caller: Caller) -> Json:
        """The record once he is in a queue."""
        return await self.until_record(lambda: (r := self.record(caller)) and r["queue"] and r, 25, "he is in a queue")

    async def answered(self, caller: Caller) -> Json:
        """The record once an agent has answered."""
        return await self.until_record(lambda: (r := self.record(caller)) and r["answered_at"] and r, 30, "an agent answers")

    async def ended(self, caller: Caller, timeout: float = 25.0) -> Json:
        """The record once it is closed."""
        return await self.until_record(
            lambda: (r := self.record(caller)) and r["ended_at"] and r, timeout, "the record is closed"
        )

    async def nobody_left(self) -> None:
        """No channel is left on the switch."""
        await self.until(lambda: self.channels() == 0, 15, "no channel is left")

    async def back(self, part: str, before: int, timeout: float = 25.0) -> float:
        """Seconds until another process of this part is ready."""
        began = time.monotonic()

        def ready() -> bool:
            run = runfile.read(self.settings.run_dir, part)
            return run is not None and run.pid != before and run.ready and run.alive

        await self.until(ready, timeout, f"{part} is back")
        return time.monotonic() - began


def heard_agent(caller: Caller, since: float = 0.0, number: str = "1024") -> float:
    """Seconds of this agent's tone that the caller has heard since then (the loop's time)."""
    pitch = agent_frequency(number)
    return seconds_of([frame for frame in caller.audio.frames if frame.at >= since], pitch, [600, pitch])


def hears_agent(caller: Caller, since: float = 0.0, number: str = "1024") -> bool:
    """He hears this agent now. Looks at the newest frames only: people live in the same loop as this test."""
    newest = [frame for frame in list(caller.audio.frames)[-25:] if frame.at >= since]
    pitch = agent_frequency(number)
    return seconds_of(newest, pitch, [600, pitch]) > 0.3


@pytest.fixture(scope="module")
def whole() -> Iterator[Whole]:
    """One instance for the tests of a module."""
    with running_instance() as running:
        yield Whole(running)
