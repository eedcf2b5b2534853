"""AMI event in → console frame out, with 200 consoles, 20 calls/s and 100,000 owners, beside a bare WebSocket.

    .venv/bin/python -m bench.console_latency [--quick] [--rounds 5] [--seconds 6] [--consoles 200] [--rate 20] [--owners 100000]

The product's own core and api run as processes of their own; the switch is bytes (bench/byte_switch.py), the pages are light
(bench/light_page.py), both in this process. The load runs all the time. In each round first ours is measured, then the peers:

  ours   from the write of an event's bytes to the manager's socket until the frame that shows it reaches the page it concerns
           pop       MusicOnHoldStart → the pop: journal, owner look-up, ACD (the frame the agent waits for)
           answered  DialEnd → the delta that says `talking`
           ended     HangupRequest, BridgeLeave, Hangup → the delta that says the call is over
  bare   a WebSocket in the api's own process, under the same load: from the write of a line on one socket until a frame of the
         same size reaches another one. This is the peer of the goals.
  alone  the same as a server of its own with as many sockets and nothing else to do: the floor.

Goals (of all three kinds together, against `bare`, median of the rounds): p50 ≤ 2.5 ×, p99 ≤ 4 ×.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from bench import rounds
from bench.bare_socket import PATH
from bench.byte_switch import ByteCall, ByteSwitch
from bench.house import Staff, furnish, process
from bench.light_page import LightPage
from bench.owner_lookup import number
from carillon.client import ApiClient
from carillon.settings import Settings
from carillon.switch.secrets import load_or_create

GOAL = {"p50": 2.5, "p99": 4.0}
KINDS = ("pop", "answered", "ended")
RING, TALK, WRAP_UP = 0.3, 2.0, 5  # seconds; the shortest wrap-up that settings allow
FRAME_BYTES = {"pop": 2000, "answered": 1700, "ended": 1700}  # of the bare frames; measured sizes are in the report


@dataclass(slots=True)
class Samples:
    """Seconds by kind, of the round that runs; and what never arrived."""

    open: bool = False
    seconds: dict[str, list[float]] = field(default_factory=dict)
    lost: Counter[str] = field(default_factory=Counter)

    def take(self, kind: str, seconds: float) -> None:
        if self.open:
            self.seconds.setdefault(kind, []).append(seconds)

    def round(self) -> dict[str, list[float]]:
        taken, self.seconds = self.seconds, {}
        return taken


def settle(arrived: asyncio.Future[float], moment: float) -> None:
    """Once."""
    if not arrived.done():
        arrived.set_result(moment)


class Load:
    """Callers at a steady rate, agents who answer; every frame that is waited for is a sample."""

    def __init__(self, switch: ByteSwitch, pages: dict[str, LightPage], endpoints: dict[str, str], asked: argparse.Namespace):
        self._switch, self._pages, self._asked = switch, pages, asked
        self._agent_of = {endpoint: agent for agent, endpoint in endpoints.items()}
        self._popped: dict[str, float] = {}
        self._waits_for_pop: dict[str, float] = {}
        self.samples = Samples()
        self.started = self.finished = self.unanswered = 0
        self.size: Counter[str] = Counter()
        for page in pages.values():
            page.on_pop = self._pop

    def _pop(self, body: bytes, moment: float) -> None:
        at = body.index(b'"call":{"id":"') + 14
        begun = self._waits_for_pop.pop(body[at : at + 36].decode(), None)
        self.size["pop"] = len(body)
        if begun is not None:
            self.samples.take("pop", moment - begun)

    async def run(self) -> None:
        rng, order = random.Random(7), 0
        async with asyncio.TaskGroup() as group:
            due = time.perf_counter()
            while True:
                order += 1
                phone = number(rng.randrange(self._asked.owners * 3), self._asked.owners * 3)
                group.create_task(self._one(ByteCall(phone, order)))
                due += rng.uniform(0.5, 1.5) / self._asked.rate
                await asyncio.sleep(max(0.0, due - time.perf_counter()))

    async def _one(self, call: ByteCall) -> None:
        self.started += 1
        await self._switch.arrive(call)
        self._waits_for_pop[call.id] = self._switch.hold(call)
        try:
            endpoint = await asyncio.wait_for(call.redirected, 20)
        except TimeoutError:
            self.unanswered += 1
            self._waits_for_pop.pop(call.id, None)
            self._switch.hang_up(call, "nobody")
            return
        page = self._pages[self._agent_of[endpoint]]
        self._switch.ring(call, endpoint)
        await asyncio.sleep(RING)
        await self._seen(page, call, "answered", "talking", lambda: self._switch.answer(call, endpoint))
        await asyncio.sleep(TALK)
        await self._seen(page, call, "ended", "wrap_up", lambda: self._switch.hang_up(call, endpoint))
        self.finished += 1

    async def _seen(self, page: LightPage, call: ByteCall, kind: str, state: str, say: Callable[[], float]) -> None:
        arrived: asyncio.Future[float] = asyncio.get_running_loop().create_future()
        what = f'"id":"{call.id}","direction":"in","state":"{state}"'.encode()
        page.expect(what, partial(settle, arrived))
        began = say()
        try:
            self.samples.take(kind, await asyncio.wait_for(arrived, 5) - began)
        except TimeoutError:
            self.samples.lost[kind] += 1


class Bare:
    """As many sockets on the bare server, and one that tells it what to send."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._pages: list[LightPage] = []
        self._teller: LightPage | None = None

    async def open(self, count: int) -> None:
        self._teller = await LightPage.open(self._port, PATH)
        for place in range(count):
            page = await LightPage.open(self._port, PATH)
            page.text(f"page {place}".encode())
            self._pages.append(page)
        await asyncio.sleep(0.5)

    async def measure(self, seconds: float, rate: float, rng: random.Random) -> list[float]:
        """As many frames a second as ours are counted, each to a page by chance."""
        found: list[float] = []
        due = time.perf_counter()
        until = due + seconds
        while due < until:
            self._one(rng, found)
            due += rng.uniform(0.5, 1.5) / rate
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
        await asyncio.sleep(0.3)
        return found

    def _one(self, rng: random.Random, found: list[float]) -> None:
        place, size = rng.randrange(len(self._pages)), FRAME_BYTES[rng.choice(KINDS)]
        assert self._teller is not None
        began = time.perf_counter()
        self._pages[place].expect(b"xxx", lambda moment: found.append(moment - began))
        self._teller.text(f"{place} {size}".encode())

    def close(self) -> None:
        for page in [*self._pages, *([self._teller] if self._teller else [])]:
            page.close()


async def sit_down(settings: Settings, switch: ByteSwitch, api: ApiClient, one: Staff) -> tuple[LightPage, str]:
    """Open a page, take a softphone, register it, be READY."""
    api.use_token(one.token)
    ticket = (await api.post("/stream-ticket"))["ticket"]
    page = await LightPage.open(settings.console_port, f"/api/v1/stream?ticket={ticket}")
    snapshot = await asyncio.wait_for(page.first, 10)
    at = snapshot.index(b'"page":"') + 8
    account = await api.post("/softphone", {"page": snapshot[at : snapshot.index(b'"', at)].decode(), "kind": "webrtc"})
    switch.contact(account["endpoint"])
    ready: asyncio.Future[float] = asyncio.get_running_loop().create_future()
    for attempt in range(200):  # the contact goes another way than the command
        page.expect(f'"id":"r{attempt}","ok":true'.encode(), partial(settle, ready))
        page.text(b'{"type":"command","id":"r%d","name":"agent.state","args":{"state":"READY"}}' % attempt)
        await asyncio.wait([ready], timeout=0.05)
        if ready.done():
            page.forget()
            return page, str(account["endpoint"])
    raise SystemExit(f"{one.agent} does not become READY")


async def _beats(pages: dict[str, LightPage]) -> None:
    while True:
        for page in list(pages.values()):
            page.beat()
        await asyncio.sleep(0.9)


@contextlib.asynccontextmanager
async def consoles(settings: Settings, switch: ByteSwitch, staff: list[Staff]) -> AsyncIterator[tuple[dict, dict]]:
    """Pages and end points by agent."""
    pages: dict[str, LightPage] = {}
    endpoints: dict[str, str] = {}
    beating = asyncio.ensure_future(_beats(pages))
    try:
        async with ApiClient(f"http://127.0.0.1:{settings.console_port}") as api:
            for one in staff:
                pages[one.agent], endpoints[one.agent] = await sit_down(settings, switch, api, one)
        yield pages, endpoints
    finally:
        beating.cancel()
        for page in pages.values():
            page.close()


async def measure(settings: Settings, staff: list[Staff], pids: dict[str, int], asked: argparse.Namespace) -> dict[str, Any]:
    switch, rng, taken = ByteSwitch(settings, load_or_create(settings.secrets_file)), random.Random(11), []
    async with switch:
        api = process(settings, "api", "-m", "bench.bare_socket", "api")
        core = process(settings, "core", "-m", "bench.watched_core", more={"BENCH_SAMPLES": str(asked.samples or "")})
        async with core as pids["core"], api as pids["api"], consoles(settings, switch, staff) as (pages, endpoints):
            load, bare, alone = Load(switch, pages, endpoints, asked), Bare(settings.console_port), Bare(asked.alone_port)
            await bare.open(asked.consoles)
            await alone.open(asked.consoles)
            running = asyncio.ensure_future(load.run())
            await asyncio.sleep(asked.warm_up)
            if asked.samples:
                os.kill(pids["core"], signal.SIGUSR1)
            for _ in range(asked.rounds):
                taken.append(await one_round(load, bare, alone, pids, asked, rng))
                if running.done():
                    running.result()
            if asked.samples:
                os.kill(pids["core"], signal.SIGUSR2)
            report = summary(taken, load, pages)
            running.cancel()
            bare.close()
            alone.close()
    return report


async def one_round(load: Load, bare: Bare, alone: Bare, pids: dict[str, int], asked, rng: random.Random) -> dict[str, Any]:
    before, began, calls = {name: rounds.cpu_seconds(pid) for name, pid in pids.items()}, time.perf_counter(), load.started
    load.samples.open = True
    await asyncio.sleep(asked.seconds)
    load.samples.open = False
    spent, found, calls = time.perf_counter() - began, load.samples.round(), load.started - calls
    cores = {name: (rounds.cpu_seconds(pid) - before[name]) / spent for name, pid in pids.items()}
    rate = 3 * asked.rate
    peer, floor = await bare.measure(asked.seconds, rate, rng), await alone.measure(asked.seconds / 2, rate, rng)
    return {"ours": found, "bare": peer, "alone": floor, "cores": cores, "calls_per_s": calls / spent}


def _ms(values: list[float]) -> dict[str, float]:
    return {"p50": rounds.percentile(values, 0.5) * 1000, "p99": rounds.percentile(values, 0.99) * 1000, "n": len(values)}


def summary(taken: list[dict[str, Any]], load: Load, pages: dict[str, LightPage]) -> dict[str, Any]:
    each = []
    for one in taken:
        together = [seconds for kind in KINDS for seconds in one["ours"].get(kind, [])]
        rows = {"all": _ms(together), **{kind: _ms(one["ours"].get(kind, [])) for kind in KINDS}}
        each.append({**rows, "bare": _ms(one["bare"]), "alone": _ms(one["alone"])})
    names = ("all", *KINDS, "bare", "alone")
    table = {name: {which: rounds.spread(r[name][which] for r in each) for which in ("p50", "p99")} for name in names}
    for name in names:
        table[name]["n"] = sum(int(r[name]["n"]) for r in each)  # type: ignore[assignment]
    ratios = {
        peer: {w: rounds.spread(r["all"][w] / r[peer][w] for r in each) for w in ("p50", "p99")} for peer in ("bare", "alone")
    }
    return {
        "milliseconds": table,
        "ratio": ratios,
        "goals": {which: rounds.goal(ratios["bare"][which]["median"], limit) for which, limit in GOAL.items()},
        "load": {
            "calls_per_s": rounds.spread(one["calls_per_s"] for one in taken),
            "cpu_ms_per_call": {
                name: rounds.spread(1000 * one["cores"][name] / max(one["calls_per_s"], 0.001) for one in taken)
                for name in taken[0]["cores"]
            },
            "cores_used": {name: rounds.spread(one["cores"][name] for one in taken) for name in taken[0]["cores"]},
            "calls": load.started,
            "finished": load.finished,
            "unanswered": load.unanswered,
            "frames_to_pages": sum(page.frames for page in pages.values()),
            "bytes_to_pages": sum(page.bytes for page in pages.values()),
            "pages_cut": sum(page.closed.done() for page in pages.values()),
            "pop_bytes": load.size["pop"],
            "frames_never_seen": dict(load.samples.lost),
        },
    }


def show(report: dict[str, Any]) -> None:
    print(f"{'ms, median (min-max) of rounds':<34}{'p50':>24}{'p99':>24}{'n':>8}")
    for name, row in report["milliseconds"].items():
        print(f"{name:<34}{rounds.shown(row['p50']):>24}{rounds.shown(row['p99']):>24}{row['n']:>8}")
    for peer, row in report["ratio"].items():
        print(f"{'all ÷ ' + peer:<34}{rounds.shown(row['p50']) + ' ×':>24}{rounds.shown(row['p99']) + ' ×':>24}")
    for which, found in report["goals"].items():
        print(f"goal {which} ≤ {found['goal']} × the bare socket: {found['found']} × {rounds.verdict(found)}")
    load = report["load"]
    cores = ", ".join(f"{name} {rounds.shown(value)}" for name, value in load["cores_used"].items())
    print(f"load: {rounds.shown(load['calls_per_s'])} calls/s; cores used: {cores}; lost frames {load['frames_never_seen']}")
    print("      CPU ms a call: " + ", ".join(f"{name} {rounds.shown(each)}" for name, each in load["cpu_ms_per_call"].items()))
    print(f"      {load['calls']} calls, {load['unanswered']} unanswered, {load['pages_cut']} pages cut")


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="under a minute; proves that it runs, its figures are noise")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=8.0, help="of each side in a round")
    parser.add_argument("--consoles", type=int, default=200)
    parser.add_argument("--rate", type=float, default=20.0, help="calls a second")
    parser.add_argument("--owners", type=int, default=100_000)
    parser.add_argument("--warm-up", type=float, default=12.0)
    parser.add_argument("--port-base", type=int, default=18900)
    parser.add_argument("--samples", type=Path, help="write where the core spends its time into this file")
    parser.add_argument("--no-write", dest="write", action="store_false", help="do not overwrite bench/results")
    asked = parser.parse_args()
    if asked.quick:
        asked.rounds, asked.seconds, asked.owners, asked.warm_up, asked.write = 2, 3.0, 2000, 5.0, False
    asked.alone_port = asked.port_base + 19
    return asked


async def main() -> None:
    asked = arguments()
    state = Path(tempfile.mkdtemp(prefix="carillon-bench-"))
    settings = Settings(state=state, port_base=asked.port_base, wrap_up_seconds=WRAP_UP, log_level="warning")
    try:
        staff = await furnish(settings, agents=asked.consoles, owners=asked.owners)
        with bare_server(asked.alone_port) as pid:
            report = await measure(settings, staff, {"alone": pid}, asked)
        show(report)
        chosen = {name: getattr(asked, name) for name in ("rounds", "seconds", "consoles", "rate", "owners")}
        if asked.write:
            print(rounds.save("console_latency", {"chosen": chosen, "fsync_ms": rounds.fsync_ms(state), **report}))
    finally:
        shutil.rmtree(state, ignore_errors=True)


@contextlib.contextmanager
def bare_server(port: int):
    child = subprocess.Popen([sys.executable, "-m", "bench.bare_socket", "alone", str(port)])
    try:
        deadline = time.monotonic() + 15
        while time.monotonic() < deadline:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                break
            time.sleep(0.05)
        yield child.pid
    finally:
        child.terminate()
        child.wait(10)


if __name__ == "__main__":
    asyncio.run(main())
