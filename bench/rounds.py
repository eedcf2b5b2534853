"""What all benches share: percentiles, the spread of rounds, CPU seconds of a process, the disk's fsync, and the result file."""

from __future__ import annotations

import json
import os
import platform
import statistics
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).parent / "results"
_TICKS = os.sysconf("SC_CLK_TCK")


def percentile(values: Sequence[float], share: float) -> float:
    """Nearest rank; NaN of nothing, so that a round without samples is seen."""
    if not values:
        return float("nan")
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def spread(values: Iterable[float], digits: int = 2) -> dict[str, float]:
    """Of rounds: what the machine's other work made of the same measurement."""
    known = [value for value in values if value == value]  # noqa: PLR0124 - NaN
    if not known:
        return {"min": float("nan"), "median": float("nan"), "max": float("nan")}
    low, middle, high = min(known), statistics.median(known), max(known)
    return {"min": round(low, digits), "median": round(middle, digits), "max": round(high, digits)}


def shown(found: dict[str, float]) -> str:
    """`median (min-max)`."""
    return f"{found['median']:g} ({found['min']:g}-{found['max']:g})"


def cpu_seconds(pid: int | str) -> float:
    """User and system time of a process with all its threads, /proc/<pid>/stat fields 14 and 15."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def machine() -> dict[str, Any]:
    """What the figures were taken on, and how busy it was with other things."""
    return {
        "cpus": os.cpu_count(),
        "python": platform.python_version(),
        "load_average": [round(each, 1) for each in os.getloadavg()],
    }


def fsync_ms(folder: Path, times: int = 200) -> dict[str, float]:
    """4 KiB appended and synced: what a commit costs at least on this disk."""
    file, spent = folder / "fsync.probe", []
    with file.open("wb", buffering=0) as stream:
        for _ in range(times):
            stream.write(b"x" * 4096)
            began = time.perf_counter()
            os.fsync(stream.fileno())
            spent.append((time.perf_counter() - began) * 1000)
    file.unlink()
    return {"p50": round(percentile(spent, 0.5), 2), "p95": round(percentile(spent, 0.95), 2)}


def goal(found: float, limit: float) -> dict[str, Any]:
    """At most."""
    return {"goal": limit, "found": found, "met": found <= limit}


def verdict(one: dict[str, Any]) -> str:
    """One word for a table."""
    return "met" if one["met"] else "MISSED"


def save(name: str, report: dict[str, Any]) -> Path:
    """`bench/results/<name>.json`."""
    RESULTS.mkdir(parents=True, exist_ok=True)
    file = RESULTS / f"{name}.json"
    file.write_text(json.dumps({"bench": name, "machine": machine(), **report}, indent=1, ensure_ascii=False) + "\n")
    return file
