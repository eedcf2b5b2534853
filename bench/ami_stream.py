"""AMI events per core-second, from bytes to events of the port, beside raw panoramisk from bytes to callbacks; and the bytes
that one call costs on our filtered log-in beside an unfiltered one.

    .venv/bin/python bench/ami_stream.py [--rounds 5] [--seconds 1.0] [--calls 20] [--no-asterisk]

Both parsers get the same recorded streams in the same pieces (64 KiB, as a socket gives them), in turns of a tenth of a
second, A B A B …; CPU time of the process counts, the clock on the wall does not. Figures: bench/results/ami_stream.json.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import logging
import os
import platform
import random
import statistics
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from panoramisk import Manager  # noqa: E402
from panoramisk.ami_protocol import AMIProtocol  # noqa: E402

from cti.ami.connection import AmiConnection, Login, Pace  # noqa: E402
from cti.ami.event_queue import EventQueue  # noqa: E402
from cti.ami.gateway import AmiAccess, AmiGateway  # noqa: E402
from cti.ami.translate import EVENTS  # noqa: E402

RESULT = ROOT / "bench" / "results" / "ami_stream.json"
STREAMS = {
    "filtered": "what cti_read's event filter lets through (every event becomes a fact)",
    "unfiltered": "every event of the same calls (most are nobody's)",
}
PIECE = 65536
GOAL_RATE, GOAL_BYTES = 5.0, 0.2


class Clock:
    def now(self) -> datetime:
        return datetime.now(UTC)  # noqa: TID251

    def monotonic(self) -> float:
        return time.monotonic()


class NullTransport(asyncio.Transport):
    """A socket that goes nowhere."""

    def write(self, data) -> None: ...
    def close(self) -> None: ...
    def abort(self) -> None: ...


def pieces_of(name: str, least: int = 500_000) -> tuple[list[bytes], int]:
    """The recorded stream, repeated to a size that is worth measuring, and its number of events."""
    once = (ROOT / "tests" / "transcripts" / f"bench_{name}.txt").read_bytes()
    data = once * (least // len(once) + 1)
    return [data[start : start + PIECE] for start in range(0, len(data), PIECE)], data.count(b"\r\n\r\n")


def ours(feed: Callable[[Callable[[bytes], None]], None]) -> int:
    """The connection's protocol and the gateway's own hearing, into its queue; the consumer is not in it."""
    access = AmiAccess("", 0, "", "")
    gateway = AmiGateway(access, switch="sw1", clock=Clock(), rng=random.Random(1))
    gateway._events = queue = EventQueue(Clock(), size=10_000_000)  # noqa: SLF001
    gateway._session = object()  # type: ignore[assignment]  # noqa: SLF001  # up
    connection = AmiConnection(Login("", 0, "", ""), gateway._hear, Pace())  # noqa: SLF001
    protocol = connection._protocol()  # noqa: SLF001
    protocol.connection_made(NullTransport())
    protocol.data_received(b"Asterisk Call Manager/11.0.0\r\n")
    facts = 0

    def receive(piece: bytes) -> None:  # the consumer takes all after each read, as it does when it keeps up
        nonlocal facts
        protocol.data_received(piece)
        facts += len(queue)
        queue.clear()

    feed(receive)
    return facts


def raw(feed: Callable[[Callable[[bytes], None]], None]) -> int:
    """panoramisk as it is, with one callback per event that we use."""
    got = [0]

    def hear(_manager, _event) -> None:
        got[0] += 1

    manager = Manager(loop=asyncio.get_event_loop(), encoding="utf8")
    manager.patterns.clear()
    manager.callbacks.clear()
    for name in EVENTS:
        manager.register_event(name.decode(), hear)
    protocol = AMIProtocol()
    protocol.connection_made(NullTransport())
    protocol.factory, protocol.encoding, protocol.version = manager, "utf8", "11.0.0"
    feed(protocol.data_received)
    return got[0]


def one_round(pieces: list[bytes], events: int, seconds: float) -> tuple[float, float]:
    """Events per CPU second of ours and of panoramisk, in turns so short that both see the same machine."""
    used, done = [0.0, 0.0], [0, 0]
    while max(used) < seconds:
        for which, run in enumerate((ours, raw)):
            began = time.process_time()
            run(lambda receive: [receive(piece) for piece in pieces])
            used[which] += time.process_time() - began
            done[which] += events
    return done[0] / used[0], done[1] / used[1]


async def parsers(rounds: int, seconds: float) -> dict:
    table = {}
    for name, what in STREAMS.items():
        pieces, events = pieces_of(name)
        for run in (ours, raw):  # warm
            run(lambda receive, pieces=pieces: receive(pieces[0]))
        rates = {"ours": [], "panoramisk": []}
        for _ in range(rounds):
            mine, theirs = one_round(pieces, events, seconds)
            rates["ours"].append(mine)
            rates["panoramisk"].append(theirs)
        each = [mine / theirs for mine, theirs in zip(rates["ours"], rates["panoramisk"], strict=True)]
        table[name] = {
            "what": what,
            "bytes_per_event": round(sum(map(len, pieces)) / events),
            "ours_per_s": round(statistics.median(rates["ours"])),
            "panoramisk_per_s": round(statistics.median(rates["panoramisk"])),
            "times": round(statistics.median(each), 1),
            "times_least": round(min(each), 1),
            "rounds": {who: [round(value) for value in values] for who, values in rates.items()},
        }
    return table


# ---- bytes per call ---------------------------------------------------------------------------------------------------

UNFILTERED = """
[bench_all]
secret = bench-all
deny = 0.0.0.0/0.0.0.0
permit = 127.0.0.1/255.255.255.255
read = all
write = reporting
writetimeout = 5000
"""


class Counter:
    """A log-in that counts and keeps what comes."""

    def __init__(self) -> None:
        self.raw = b""

    async def run(self, port: int, user: str, secret: str, ready: asyncio.Event) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(f"Action: Login\r\nUsername: {user}\r\nSecret: {secret}\r\nEvents: on\r\n\r\n".encode())
        await reader.readuntil(b"Fully Booted\r\n\r\n")
        ready.set()
        try:
            while data := await reader.read(1 << 20):
                self.raw += data
        finally:
            writer.close()

    def per_call(self, calls: int) -> dict:
        return {"events": round(self.raw.count(b"Event: ") / calls, 1), "bytes": round(len(self.raw) / calls)}


async def one_call(stage, number: int, numbers: set[str]) -> None:
    """Arrives, is held, rung, answered, talks a second, hangs up."""
    from cti.ports.telephony import BridgeEntered, HungUp, MusicStarted, Place  # noqa: PLC0415

    mark = stage.heard.mark
    caller = await stage.caller_arrives()
    numbers.add(caller)
    await stage.heard.wait(MusicStarted, mark, uniqueid=caller)
    await stage.telephony.redirect(caller, Place("cti-ring", stage.agent))
    await stage.agent_answers()
    await stage.heard.wait(BridgeEntered, mark, uniqueid=caller)
    await asyncio.sleep(1)
    stage.caller_hangs_up()
    await stage.heard.wait(HungUp, mark, uniqueid=caller)


async def calls_on(real, calls: int) -> dict[str, Counter]:
    from tests.contract.stage import real_stage  # noqa: PLC0415

    filtered, everything = Counter(), Counter()
    ready = [asyncio.Event(), asyncio.Event()]
    port = real.settings.ami_port
    async with real_stage(real) as stage, asyncio.TaskGroup() as group:
        from cti.ports.telephony import SwitchUp  # noqa: PLC0415

        await stage.heard.wait(SwitchUp)
        logins = [
            group.create_task(filtered.run(port, "cti_read", real.secrets.ami_read, ready[0])),
            group.create_task(everything.run(port, "bench_all", "bench-all", ready[1])),
        ]
        await asyncio.gather(*(each.wait() for each in ready))
        await asyncio.sleep(0.3)
        filtered.raw = everything.raw = b""
        for number in range(calls):
            await one_call(stage, number, set())
        await asyncio.sleep(0.5)
        for login in logins:
            login.cancel()
    return {"filtered": filtered, "unfiltered": everything}


def until_booted(real) -> None:
    """Again: `core restart now` keeps the process, so there is none to wait for."""
    from carillon.switch.ready import is_fully_booted  # noqa: PLC0415

    time.sleep(1.0)
    until = time.monotonic() + 20
    while not is_fully_booted(real.settings.ami_port, real.secrets.ami_read) and time.monotonic() < until:
        time.sleep(0.1)


def bytes_per_call(calls: int, record: bool) -> dict:
    from tests.support.asterisk import asterisk  # noqa: PLC0415

    with asterisk() as real:
        etc = real.settings.switch_dir / "etc"
        manager = "".join(f"{line}\n" for line in (etc / "manager.conf").read_text().splitlines() if "disabledevents" not in line)
        (etc / "manager.conf").write_text(manager + UNFILTERED)
        (etc / "stasis.conf").write_text("[taskpool]\n\n[declined_message_types]\n")  # the peer hears what Asterisk can say
        real.cli("core restart now")
        until_booted(real)
        counted = asyncio.run(calls_on(real, calls))
    if record:
        for name, counter in counted.items():
            (ROOT / "tests" / "transcripts" / f"bench_{name}.txt").write_bytes(counter.raw)
    table = {name: counter.per_call(calls) for name, counter in counted.items()}
    table["share"] = round(table["filtered"]["bytes"] / table["unfiltered"]["bytes"], 3)
    table["calls"] = calls
    return table


# ---- report -----------------------------------------------------------------------------------------------------------


def report(result: dict) -> str:
    lines = ["| stream | bytes an event | ours /core-s | panoramisk /core-s | times (least round) |", "|---|---|---|---|---|"]
    for name, row in result["parsers"].items():
        lines.append(
            f"| {name} | {row['bytes_per_event']} | {row['ours_per_s']:,} | {row['panoramisk_per_s']:,} "
            f"| {row['times']} ({row['times_least']}) |"
        )
    lines.append(f"Goal: {GOAL_RATE} times.")
    if per := result.get("bytes_per_call"):
        lines += ["", "| log-in | events a call | bytes a call |", "|---|---|---|"]
        lines += [f"| {name} | {per[name]['events']} | {per[name]['bytes']:,} |" for name in STREAMS]
        lines.append(f"Share {per['share']}, goal {GOAL_BYTES}.")
    return "\n".join(lines)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--seconds", type=float, default=1.0, help="CPU seconds per parser, stream and round")
    options.add_argument("--calls", type=int, default=20)
    options.add_argument("--no-asterisk", action="store_true", help="parsers only")
    options.add_argument("--record", action="store_true", help="keep the calls' streams as the transcripts that are measured")
    given = options.parse_args()
    logging.disable(logging.CRITICAL)
    result: dict = {"machine": {"cpus": os.cpu_count(), "python": platform.python_version()}, "rounds": given.rounds}
    if given.record:
        bytes_per_call(given.calls, record=True)
    result["parsers"] = asyncio.run(parsers(given.rounds, given.seconds))
    if not given.no_asterisk:
        result["bytes_per_call"] = bytes_per_call(given.calls, record=False)
    RESULT.parent.mkdir(parents=True, exist_ok=True)
    RESULT.write_text(json.dumps(result, indent=2) + "\n")
    with contextlib.suppress(BrokenPipeError):
        print(report(result))


if __name__ == "__main__":
    main()
