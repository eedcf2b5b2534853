"""A core's and an api's end of the bus that write down what they are told, and waiting for a condition."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from cti.bus.messages import Actor, Command, Delta, LivePage, PageSignal, Snapshot
from cti.bus.port import CommandRefused


async def until(condition: Callable[[], bool], timeout: float = 30.0, what: str = "the condition") -> None:
    """Wait for a condition; fail with a sentence."""
    try:
        async with asyncio.timeout(timeout):
            while not condition():  # noqa: ASYNC110 - any condition, not only events
                await asyncio.sleep(0.005)
    except TimeoutError:
        raise AssertionError(f"{what} did not come true within {timeout} s") from None


@dataclass
class RecordingCore:
    """A CoreHandler. `agents` is its whole state; commands are answered by `answers[name]` or echoed."""

    agents: dict[str, dict] = field(default_factory=dict)
    commands: list[Command] = field(default_factory=list)
    signals: list[PageSignal] = field(default_factory=list)
    apis: list[tuple[str, bool, tuple[LivePage, ...]]] = field(default_factory=list)
    answers: dict[str, Callable[[Command], Awaitable[object]]] = field(default_factory=dict)

    def snapshot(self):
        return {"agent": list(self.agents.values()), "call": [], "queue": [], "switch": []}

    async def on_command(self, command: Command):
        self.commands.append(command)
        if command.name in self.answers:
            return await self.answers[command.name](command)
        return {"did": command.name, "times": len(self.commands)}

    def on_page(self, signal: PageSignal) -> None:
        self.signals.append(signal)

    def on_api(self, api, up, pages) -> None:
        self.apis.append((api, up, tuple(pages)))


@dataclass
class RecordingApi:
    """A CoreListener."""

    pages: list[LivePage] = field(default_factory=list)
    ups: list[bool] = field(default_factory=list)
    snapshots: list[Snapshot] = field(default_factory=list)
    deltas: list[Delta] = field(default_factory=list)
    messages: list[tuple[str, dict]] = field(default_factory=list)

    def live_pages(self):
        return list(self.pages)

    def on_core(self, up: bool) -> None:
        self.ups.append(up)

    def on_snapshot(self, snapshot: Snapshot) -> None:
        self.snapshots.append(snapshot)

    def on_delta(self, delta: Delta) -> None:
        self.deltas.append(delta)

    def on_page_message(self, page, message) -> None:
        self.messages.append((page, dict(message)))


def command(name: str, *, command_id: str = "u-1/1", **args) -> Command:
    """A command of an agent."""
    return Command(command_id, Actor("u-1", "agent", "agt-1024", "t-1"), "pg-1", name, args)


async def refuse(_command: Command):
    """As a core that says no."""
    raise CommandRefused("wrong_state", state="AUX")
