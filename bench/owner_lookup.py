"""Owner look-up by number beside a bare indexed SELECT through the same driver on a held connection.

    .venv/bin/python bench/owner_lookup.py [--owners 1000000] [--rounds 7] [--lookups 2000] [--databases sqlite,postgresql]

The peer is the cheapest form each driver has: one call that executes and fetches everything. Ours is the whole
`NumberLookup.candidates`: number → owners with properties, equipment, open tickets, last calls and callbacks, ranked.
Data is written by the driver itself into a temporary folder; numbers asked for are drawn from those that exist.
Goal: p50 ≤ 3.5 ×, p99 ≤ 5 ×.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import math
import os
import random
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import aiosqlite
import psycopg

from carillon.migrations.schema import migrate
from crm_core.owners.lookup import NumberLookup
from cti.store.models import CallRecord
from storage.engine import engine_for
from storage.held_reader import HeldReader
from tests.support.postgres import postgres_server

NOW = datetime(2026, 11, 22, 6, 30, tzinfo=UTC)
WHEN = "2026-11-01 08:00:00.000000"
PEER = "SELECT owner_id FROM owner_phones WHERE e164 = "
GOAL = {"p50": 3.5, "p99": 5.0}
RESULT = Path(__file__).parent / "results" / "owner_lookup.json"
Ask = Callable[[str], Awaitable[object]]


def uid(kind: int, n: int) -> str:
    """The shape and length of the ids that the product makes; growing, so that the load appends to each primary key."""
    return f"{n * 1361:08x}-{n * 2654435761 & 0xFFFF:04x}-4{kind:03x}-8{n & 0xFFF:03x}-{n * 11400714819323 & 0xFFFFFFFFFFFF:012x}"


def number(n: int, phones: int) -> str:
    """Every twelfth number belongs to two owners."""
    return f"+8613{n - 1 if n % 12 == 11 and n < phones else n:09d}"


def tables(owners: int) -> Iterator[tuple[str, str, Iterator[tuple[Any, ...]]]]:
    """(table, columns, rows): three numbers and a home for each owner, equipment for a half, tickets and calls for some."""
    phones = owners * 3
    yield (
        "owners",
        "id,name,name_key,level,district,note,created_at,updated_at,version",
        ((uid(1, n), f"业主{n}", f"业主{n}", "gold", "西区", "", WHEN, WHEN, 1) for n in range(owners)),
    )
    yield (
        "owner_phones",
        "id,owner_id,e164,backwards,raw,label,is_primary",
        (
            (uid(2, n), uid(1, n // 3), number(n, phones), number(n, phones)[::-1], number(n, phones), "手机", n % 3 == 0)
            for n in range(phones)
        ),
    )
    yield (
        "properties",
        "id,address,address_key,district",
        ((uid(3, n), f"云栖花园 {n}", f"云栖花园 {n}", "西区") for n in range(owners)),
    )
    yield "owner_properties", "owner_id,property_id,relation", ((uid(1, n), uid(3, n), "owner") for n in range(owners))
    yield (
        "equipment",
        "id,owner_id,property_id,name,model,warranty_until",
        ((uid(4, n), uid(1, n), uid(3, n), "可视门禁", "VD-700", "2027-03-31") for n in range(0, owners, 2)),
    )
    yield (
        "tickets",
        "id,number,day,kind,title,state,owner_id,equipment,symptom,since_when,priority,note,phone,created_at,created_by,version",
        (
            (uid(5, n), f"T-{n}", "2026-11-01", "request", "黑屏", "open", uid(1, n), "", "", "", 2, "", "", WHEN, "u", 1)
            for n in range(0, owners, 10)
        ),
    )
    yield (
        "call_records",
        "id,direction,switch,uniqueid,sip_call_id,from_e164,from_raw,from_name,to_number,owner_id,started_at,wait_s,talk_s,hold_s,"
        "rebuilt,legs,state,version",
        (
            (
                uid(6, n),
                "in",
                "sw1",
                "",
                "",
                "",
                "",
                "",
                "4001",
                uid(1, n * 7 % owners),
                WHEN,
                1.0,
                2.0,
                0.0,
                False,
                "[]",
                "ended",
                1,
            )
            for n in range(owners // 5)
        ),
    )


def load_sqlite(file: Path, owners: int) -> None:
    """Indexes are dropped and made again afterwards: the same definitions, sorted instead of grown row by row."""
    with sqlite3.connect(file) as connection:
        connection.execute("PRAGMA journal_mode = OFF")  # nothing is lost: a failed load is repeated
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("PRAGMA foreign_keys = OFF")
        connection.execute("PRAGMA cache_size = -800000")
        indexes = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL").fetchall()
        for name, _ in indexes:
            connection.execute(f"DROP INDEX {name}")
        for table, columns, rows in tables(owners):
            marks = ",".join("?" * (columns.count(",") + 1))
            connection.executemany(f"INSERT INTO {table} ({columns}) VALUES ({marks})", rows)
        for _, definition in indexes:
            connection.execute(definition)
        connection.execute("ANALYZE")
        connection.commit()
        connection.execute("PRAGMA journal_mode = WAL")
    connection.close()


def load_postgres(url: str, owners: int) -> None:
    """As above; foreign keys are checked by nobody (the rows are ours)."""
    with psycopg.connect(url) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute("SET maintenance_work_mem = '512MB'")
        plain = "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' AND indexname LIKE 'ix_%'"
        indexes = connection.execute(plain).fetchall()
        for name, _ in indexes:
            connection.execute(f"DROP INDEX {name}")
        for table, columns, rows in tables(owners):
            with connection.cursor().copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
        for _, definition in indexes:
            connection.execute(definition)
        connection.commit()
        connection.autocommit = True
        connection.execute("VACUUM ANALYZE")


async def timed(ask: Ask, numbers: list[str]) -> dict[str, float]:
    """Seconds by the wall clock, and of this process's CPU: on SQLite that is all there is, whoever else uses the machine."""
    spent, cpu = [], time.process_time()
    for each in numbers:
        began = time.perf_counter()
        await ask(each)
        spent.append(time.perf_counter() - began)
    cpu = time.process_time() - cpu
    return {"p50": percentile(spent, 0.5), "p99": percentile(spent, 0.99), "cpu": cpu / len(numbers)}


def percentile(values: list[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, math.ceil(len(values) * share) - 1)]


async def measure(peer: Ask, url: str, arguments: argparse.Namespace) -> dict[str, Any]:
    engine = engine_for(url)
    lookup = NumberLookup(HeldReader(engine), CallRecord.__table__, lambda: NOW)
    rng = random.Random(7)
    rounds = []
    try:
        for turn in range(arguments.rounds + 1):
            numbers = [number(rng.randrange(arguments.owners * 3), arguments.owners * 3) for _ in range(arguments.lookups)]
            order = [("peer", peer), ("ours", lookup.candidates)]
            spent = {name: await timed(ask, numbers) for name, ask in (order if turn % 2 else reversed(order))}
            if turn:  # the first one fills caches and prepares statements
                rounds.append(spent)
        unknown = await timed(lookup.candidates, [f"+4930{n:08d}" for n in range(arguments.lookups)])
    finally:
        await lookup.close()
        await engine.dispose()
    return summary(rounds, unknown)


def summary(rounds: list[dict[str, dict[str, float]]], unknown: dict[str, float]) -> dict[str, Any]:
    found: dict[str, Any] = {"rounds": rounds, "unknown_number_us": round(unknown["p50"] * 1e6)}
    for which in ("p50", "p99", "cpu"):
        found[which] = {name: round(statistics.median(each[name][which] for each in rounds) * 1e6) for name in ("peer", "ours")}
        found[which]["ratio"] = round(statistics.median(each["ours"][which] / each["peer"][which] for each in rounds), 2)
        found[which]["goal"] = GOAL.get(which)
    return found


async def on_sqlite(folder: Path, arguments: argparse.Namespace) -> dict[str, Any]:
    file = folder / "bench.sqlite3"
    url = f"sqlite+aiosqlite:///{file}"
    await migrate(url)
    began = time.perf_counter()
    await asyncio.to_thread(load_sqlite, file, arguments.owners)
    loaded = time.perf_counter() - began
    async with aiosqlite.connect(file) as held:
        found = await measure(lambda n: held.execute_fetchall(PEER + "?", (n,)), url, arguments)
    return {**found, "load_s": round(loaded, 1), "bytes": file.stat().st_size}


async def on_postgres(arguments: argparse.Namespace) -> dict[str, Any]:
    with postgres_server() as server:
        url = server.create("bench")
        await migrate(url)
        plain = url.replace("+psycopg", "")
        began = time.perf_counter()
        await asyncio.to_thread(load_postgres, plain, arguments.owners)
        loaded = time.perf_counter() - began
        held = await psycopg.AsyncConnection.connect(plain, autocommit=True)

        async def peer(n: str) -> object:
            return await (await held.execute(PEER + "%s", (n,))).fetchall()

        try:
            return {**await measure(peer, url, arguments), "load_s": round(loaded, 1)}
        finally:
            await held.close()


def show(results: dict[str, dict[str, Any]]) -> None:
    print(f"{'database':<12}{'':<6}{'bare SELECT':>14}{'candidates':>14}{'ratio':>8}{'goal':>8}")
    for name, found in results.items():
        for which in ("p50", "p99", "cpu"):
            line = found[which]
            held = "" if line["goal"] is None else "ok" if line["ratio"] <= line["goal"] else "MISSED"
            figures = f"{line['peer']:>11} µs{line['ours']:>11} µs{line['ratio']:>7}x{line['goal'] or '':>7}"
            print(f"{name:<12}{which:<6}{figures}   {held}")
        print(f"{name:<12}unknown number: {found['unknown_number_us']} µs; loaded in {found['load_s']} s")


async def main(arguments: argparse.Namespace) -> None:
    results: dict[str, dict[str, Any]] = {}
    with tempfile.TemporaryDirectory(prefix="carillon-bench-") as folder:
        if "sqlite" in arguments.databases:
            results["sqlite"] = await on_sqlite(Path(folder), arguments)
            write(results, arguments)
    if "postgresql" in arguments.databases:
        results["postgresql"] = await on_postgres(arguments)
        write(results, arguments)
    show(results)


def write(results: dict[str, dict[str, Any]], arguments: argparse.Namespace) -> None:
    """After each database: the other one may take long. Its figures of an earlier run of the same size are kept."""
    for found in results.values():
        found.setdefault("load_average", os.getloadavg())
    before = json.loads(RESULT.read_text()) if RESULT.exists() else {}
    if before.get("owners") == arguments.owners:
        results = {**before["databases"], **results}
    report = {
        "bench": "owner_lookup",
        "owners": arguments.owners,
        "numbers": arguments.owners * 3,
        "lookups_per_round": arguments.lookups,
        "cores": os.cpu_count(),
        "databases": results,
    }
    if arguments.write:
        RESULT.parent.mkdir(exist_ok=True)
        RESULT.write_text(json.dumps(report, indent=1) + "\n")


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--owners", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--lookups", type=int, default=2000)
    parser.add_argument("--databases", default="sqlite,postgresql")
    parser.add_argument("--no-write", dest="write", action="store_false", help="do not overwrite bench/results")
    return parser.parse_args()


if __name__ == "__main__":
    asyncio.run(main(arguments()))
