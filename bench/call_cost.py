"""CPU seconds of a bridged call, and answer → agent: our hold + route + Dial beside a plain `Dial` and a plain `Queue`.

    .venv/bin/python -m bench.call_cost [--quick] [--rate 50] [--rounds 5] [--seconds 8] [--agents 150] [--bend] [--moves 10000]

One Asterisk, one generator of callers, the same SIPp agents, recording off. In each round one after the other:

  dial    Answer, Dial(PJSIP/…): no core runs, nobody is logged in to the manager interface
  queue   Answer, Queue(…) with as many members: no core runs
  ours    the whole product's core: journal, projection, bus, metrics, AGI (an IVR that says nothing), ACD, Redirect, Dial,
          wrap-up. This process holds the bus in the api's place.

A call counts when the caller hears his own voice back from the agent: audio both ways. CPU seconds are those of /proc/<pid>/stat
from the first INVITE until the last BYE was answered, by counted calls. `rung`: the caller's 200 → the agent's INVITE;
`connected`: → the agent's ACK (SIPp answers at once). The media of a talk is left out on purpose (some ten packets prove it, and
it is the same for all). Where the core spends its time is sampled inside it (bench/sampler.py).

Goals: Asterisk ≤ 1.2 × dial; core ≤ 0.3 × our Asterisk, of it AMI + AGI + routing ≤ 0.1 ×; p95 connected ≤ 1.5 × dial.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import shutil
import signal
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench import rounds
from bench.callers import Callers, Placed
from bench.house import Staff, furnish, process
from bench.load_agents import LoadAgents
from bench.peer_switch import AGENTS, CALLERS, names
from bench.sipp_agents import Seen, SippAgents, sipp_agents
from carillon.settings import Settings

KINDS = ("dial", "queue", "ours")
TALK = 1.5
GOALS = {"asterisk": 1.2, "core": 0.3, "core_telephony": 0.1, "p95": 1.5}
# Which part of the core a stack belongs to: the innermost frame of ours decides.
PARTS = (
    ("projection", ("cti/store/projector", "storage/")),
    ("journal", ("cti/store/journal",)),
    ("ami", ("cti/ami/", "panoramisk/")),
    ("agi", ("cti/agi/", "carillon/core/ivr_desk", "ivr/")),
    ("routing", ("routing/",)),
    ("bus", ("cti/bus/", "carillon/core/bus_handler")),
    ("board", ("cti/services/board", "cti/services/entities")),
    ("services", ("cti/services/", "cti/calls/", "carillon/core/", "crm_core/")),
)
TELEPHONY = ("ami", "agi", "routing")


@dataclass(slots=True)
class Bench:
    """What a round needs."""

    settings: Settings
    asked: argparse.Namespace
    staff: list[Staff]
    agents: SippAgents
    desk: LoadAgents
    asterisk: int
    samples: Path
    next_number: int = 13_900_000_000
    seen: dict[str, Seen] = field(default_factory=dict)


@contextlib.asynccontextmanager
async def core(bench: Bench) -> AsyncIterator[int]:
    """The core with its agents READY."""
    more = {"BENCH_SAMPLES": str(bench.samples), "BENCH_SHORT_IVR": "1"}
    async with process(bench.settings, "core", "-m", "bench.watched_core", more=more) as pid, bench.desk.connected():
        if not bench.desk.credentials:
            await bench.desk.mint(("127.0.0.1", bench.settings.sip_port), f"{AGENTS}:{bench.asked.agents_port}")
        await bench.desk.ready()
        yield pid


async def offer(bench: Bench, kind: str, rate: float, seconds: float) -> list[Placed]:
    """Calls at a steady rate, and until the last is over."""
    callers = await Callers.open("127.0.0.2" if kind == "ours" else CALLERS, ("127.0.0.1", bench.settings.sip_port))
    targets = {"ours": ["4001"], "queue": ["queue"], "dial": names(bench.asked.agents)}[kind]
    calls: list[Placed] = []
    due = time.perf_counter()
    for place in range(int(rate * seconds)):
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        bench.next_number += 1
        calls.append(callers.place(str(bench.next_number), targets[place % len(targets)], TALK))
        due += 1 / rate
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(10):
            while not all(call.over for call in calls):  # noqa: ASYNC110 - a flag of each, no event
                await asyncio.sleep(0.05)
    callers.close()
    return calls


async def measure(bench: Bench, kind: str, rate: float, seconds: float, core_pid: int | None) -> dict[str, Any]:
    """One kind, one rate."""
    pids = {"asterisk": bench.asterisk, **({"core": core_pid} if core_pid else {})}
    await asyncio.sleep(0.5)
    if core_pid:
        os.kill(core_pid, signal.SIGUSR1)
    before, began = {name: rounds.cpu_seconds(pid) for name, pid in pids.items()}, time.perf_counter()
    calls = await offer(bench, kind, rate, seconds)
    spent = time.perf_counter() - began
    cpu = {name: rounds.cpu_seconds(pid) - before[name] for name, pid in pids.items()}
    found = await judge(bench, calls)
    found |= {"kind": kind, "rate": rate, "cpu_s": cpu, "cores_used": {n: round(s / spent, 3) for n, s in cpu.items()}}
    if core_pid:
        found["parts"] = await parts(bench, core_pid)
    return found


async def judge(bench: Bench, calls: list[Placed]) -> dict[str, Any]:
    """Count and time. The agents' log is read after everything is over."""
    await asyncio.sleep(0.5)
    seen = bench.agents.seen()
    bridged = [call for call in calls if call.heard and call.answered]
    known = [(call, seen[call.number]) for call in bridged if call.number in seen]
    return {
        "placed": len(calls),
        "bridged": len(bridged),
        "failed": dict(Counter(call.failed or "not heard" for call in calls if call not in bridged)),
        "dropped": sum(bool(call.answered and not call.heard and call.over and not call.ended_by_us) for call in calls),
        "rung": [(each.invited - call.answered) * 1000 for call, each in known if each.invited],
        "connected": [(each.connected - call.answered) * 1000 for call, each in known if each.connected],
        "heard": [(call.heard - call.answered) * 1000 for call in bridged],
    }


async def parts(bench: Bench, core_pid: int) -> dict[str, float]:
    """Shares of the core's CPU time. Threads exactly, the main thread's by its samples."""
    bench.samples.unlink(missing_ok=True)
    os.kill(core_pid, signal.SIGUSR2)
    async with asyncio.timeout(10):
        while not bench.samples.exists():  # noqa: ASYNC110 - another process writes it
            await asyncio.sleep(0.05)
    told = json.loads(bench.samples.read_text())
    main = Counter[str]()
    for stack, count in told["stacks"].items():
        frames = stack.split(";")
        if ":select:" not in frames[-1]:
            main[_part(frames)] += count
    total, seconds = sum(main.values()) or 1, told["threads"].pop("MainThread", 0.0)
    shares = Counter({name: seconds * count / total for name, count in main.items()})
    for thread, used in told["threads"].items():
        shares["journal" if thread == "journal" else "projection" if "_connection_worker" in thread else "threads"] += used
    whole = sum(shares.values()) or 1.0
    return {name: used / whole for name, used in shares.items()}


def _part(frames: list[str]) -> str:
    for frame in reversed(frames):
        for name, folders in PARTS:
            if any(f"/{folder}" in frame or frame.startswith(folder) for folder in folders):
                return name
    return "projection" if any("sqlalchemy" in frame for frame in frames) else "loop"


async def run(bench: Bench) -> list[dict[str, Any]]:
    """All rounds: the peers while no core runs, then ours."""
    taken, asked = [], bench.asked
    async with core(bench):  # mints the end points; its own first work is not counted
        await offer(bench, "ours", min(asked.rate, 10), 2)
    bench.agents.seen()
    for _ in range(asked.rounds):
        one = {kind: await measure(bench, kind, asked.rate, asked.seconds, None) for kind in ("dial", "queue")}
        async with core(bench) as pid:
            one["ours"] = await measure(bench, "ours", asked.rate, asked.seconds, pid)
        taken.append(one)
        print(brief(one), flush=True)
    return taken


def brief(one: dict[str, Any]) -> str:
    """One round in a line, while it runs."""
    return "  ".join(
        f"{kind}: {found['bridged']}/{found['placed']} {1000 * found['cpu_s']['asterisk'] / max(found['bridged'], 1):.1f} ms"
        f" p95 {rounds.percentile(found['connected'], 0.95):.1f} ms"
        for kind, found in one.items()
    )


# ---- beside the rounds ----------------------------------------------------------------------------------------------


async def bend(bench: Bench) -> dict[str, Any]:
    """Rates upwards until p95 has doubled or calls are lost; the last rate that held."""
    found: dict[str, Any] = {}
    for kind in ("queue", "ours"):
        async with contextlib.AsyncExitStack() as stack:
            pid = await stack.enter_async_context(core(bench)) if kind == "ours" else None
            found[kind] = await _climb(bench, kind, pid)
    return found | {"ratio": round(found["ours"]["held"] / max(found["queue"]["held"], 0.1), 2)}


async def _climb(bench: Bench, kind: str, pid: int | None) -> dict[str, Any]:
    steps, first, held = [], 0.0, 0.0
    for rate in bench.asked.steps:
        one = await measure(bench, kind, rate, 4, pid)
        p95 = rounds.percentile(one["connected"], 0.95)
        first = first or p95
        steps.append({"rate": rate, "bridged": one["bridged"], "placed": one["placed"], "p95": round(p95, 1)})
        if one["bridged"] < 0.99 * one["placed"] or p95 > 2 * first:
            break
        held = rate
    return {"held": held, "steps": steps}


async def moves(bench: Bench) -> dict[str, int]:
    """Held callers who are moved to an agent: how many are dropped by it."""
    async with core(bench):
        calls = await offer(bench, "ours", bench.asked.rate, bench.asked.moves / bench.asked.rate)
        found = await judge(bench, calls)
    return {"moved": found["placed"], "bridged": found["bridged"], "dropped": found["dropped"]}


# ---- report ---------------------------------------------------------------------------------------------------------


def summary(taken: list[dict[str, Any]]) -> dict[str, Any]:
    table = {kind: _rows([one[kind] for one in taken]) for kind in KINDS}
    cost = {kind: [_per_call(one[kind], "asterisk") for one in taken] for kind in KINDS}
    core_cost = [_per_call(one["ours"], "core") for one in taken]
    telephony = [c * sum(one["ours"]["parts"].get(p, 0.0) for p in TELEPHONY) for c, one in zip(core_cost, taken, strict=True)]
    ratio = {
        "asterisk": rounds.spread(o / d for o, d in zip(cost["ours"], cost["dial"], strict=True)),
        "asterisk_to_queue": rounds.spread(o / q for o, q in zip(cost["ours"], cost["queue"], strict=True)),
        "core": rounds.spread(c / o for c, o in zip(core_cost, cost["ours"], strict=True)),
        "core_telephony": rounds.spread(t / o for t, o in zip(telephony, cost["ours"], strict=True)),
        "p95": rounds.spread(_p(one["ours"], 0.95) / _p(one["dial"], 0.95) for one in taken),
        "p95_to_queue": rounds.spread(_p(one["ours"], 0.95) / _p(one["queue"], 0.95) for one in taken),
        "p50": rounds.spread(_p(one["ours"], 0.5) / _p(one["dial"], 0.5) for one in taken),
        "rung_p95": rounds.spread(_p(one["ours"], 0.95, "rung") / _p(one["dial"], 0.95, "rung") for one in taken),
    }
    core_parts = sorted({part for one in taken for part in one["ours"]["parts"]})
    return {
        "kinds": table,
        "core_ms_per_call": rounds.spread(core_cost),
        "core_parts_ms_per_call": {
            part: rounds.spread(c * one["ours"]["parts"].get(part, 0.0) for c, one in zip(core_cost, taken, strict=True))
            for part in core_parts
        },
        "ratio": ratio,
        "goals": {name: rounds.goal(ratio[name]["median"], limit) for name, limit in GOALS.items()},
    }


def _per_call(one: dict[str, Any], process_name: str) -> float:
    return float(1000 * one["cpu_s"][process_name] / max(one["bridged"], 1))


def _p(one: dict[str, Any], share: float, which: str = "connected") -> float:
    return rounds.percentile(one[which], share)


def _rows(each: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "placed": sum(one["placed"] for one in each),
        "bridged": sum(one["bridged"] for one in each),
        "dropped": sum(one["dropped"] for one in each),
        "failed": dict(sum((Counter(one["failed"]) for one in each), Counter())),
        "asterisk_ms_per_call": rounds.spread(_per_call(one, "asterisk") for one in each),
        **{
            f"{which}_{name}": rounds.spread((_p(one, share, which) for one in each), 1)
            for which in ("rung", "connected", "heard")
            for name, share in (("p50", 0.5), ("p95", 0.95))
        },
    }


def show(report: dict[str, Any], asked: argparse.Namespace) -> None:
    print(f"{asked.rate:g} calls/s, {asked.rounds} rounds of {asked.seconds:g} s; median (min-max) of rounds, ms")
    print(
        f"{'':<7}{'bridged':>12}{'Asterisk/call':>22}{'rung p50':>20}{'rung p95':>20}{'connected p50':>20}{'connected p95':>22}"
    )
    columns = ("asterisk_ms_per_call", "rung_p50", "rung_p95", "connected_p50", "connected_p95")
    for kind, row in report["kinds"].items():
        cells = [rounds.shown(row[column]) for column in columns]
        print(f"{kind:<7}{row['bridged']:>6}/{row['placed']:<5}" + "".join(f"{cell:>21}" for cell in cells))
    print(f"core: {rounds.shown(report['core_ms_per_call'])} ms a call, of it", end=" ")
    print(", ".join(f"{part} {value['median']:g}" for part, value in report["core_parts_ms_per_call"].items()))
    for name, row in report["ratio"].items():
        verdict = rounds.verdict(report["goals"][name]) + f" (goal ≤ {GOALS[name]})" if name in GOALS else ""
        print(f"  {name:<18}{rounds.shown(row):>22} ×  {verdict}")
    for name in ("fsync_ms", "bend", "moves"):
        if name in report:
            print(f"{name}: {json.dumps(report[name])}")


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="under a minute; proves that it runs, its figures are noise")
    parser.add_argument("--rate", type=float, default=50.0)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=8.0)
    parser.add_argument("--agents", type=int, default=150)
    parser.add_argument("--bend", action="store_true", help="also look for the rate at which p95 doubles")
    parser.add_argument("--moves", type=int, default=0, help="also move so many held callers and count those dropped")
    parser.add_argument("--port-base", type=int, default=18930)
    parser.add_argument("--no-write", dest="write", action="store_false", help="do not overwrite bench/results")
    asked = parser.parse_args()
    if asked.quick:
        asked.rate, asked.rounds, asked.seconds, asked.agents, asked.write = min(asked.rate, 10), 2, 3, 40, False
    asked.agents_port, asked.steps = asked.port_base + 15, (25, 50, 75, 100, 125, 150, 175, 200)
    return asked


async def main() -> None:
    asked = arguments()
    state = Path(tempfile.mkdtemp(prefix="carillon-bench-"))
    settings = Settings(state=state, port_base=asked.port_base, rtp_range="24000-27999", log_level="warning")
    try:
        staff = await furnish(settings, agents=asked.agents)
        more = {"BENCH_AGENTS": str(asked.agents), "BENCH_AGENTS_PORT": str(asked.agents_port)}
        with sipp_agents(state, AGENTS, asked.agents_port, asked.agents_port + 1000) as agents:
            async with process(settings, "switch", "-m", "bench.peer_switch", more=more) as asterisk:
                desk = LoadAgents(settings.bus_socket, staff)
                bench = Bench(settings, asked, staff, agents, desk, asterisk, state / "core-samples.json")
                report = summary(await run(bench)) | {"fsync_ms": rounds.fsync_ms(state)}
                if asked.bend:
                    report["bend"] = await bend(bench)
                if asked.moves:
                    report["moves"] = await moves(bench)
        show(report, asked)
        chosen = {name: getattr(asked, name) for name in ("rate", "rounds", "seconds", "agents")}
        if asked.write:
            print(rounds.save("call_cost", {"chosen": chosen, **report}))
    finally:
        if not os.environ.get("BENCH_KEEP"):
            shutil.rmtree(state, ignore_errors=True)


if __name__ == "__main__":
    asyncio.run(main())
