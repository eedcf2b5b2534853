"""`run/<part>.json`: what a running part says of itself; by it every command finds its instance in the state directory."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class RunFile:
    """One part's pid and ports. `ready`: it does its work now."""

    part: str
    pid: int
    ports: Mapping[str, int] = field(default_factory=dict)
    ready: bool = False

    @property
    def alive(self) -> bool:
        """The process exists; a file left behind by kill -9 is not a running part."""
        if self.pid <= 0:  # kill(0) would ask about our own group
            return False
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return False
        except PermissionError:
            return True
        return not _is_zombie(self.pid)


def write(run_dir: Path, part: str, *, ports: Mapping[str, int], pid: int | None = None, ready: bool = True) -> None:
    """Say that `part` runs (by default: this process). Whole or not at all: a reader never sees half a file."""
    run_dir.mkdir(parents=True, exist_ok=True)
    draft = run_dir / f".{part}.{os.getpid()}"
    draft.write_text(json.dumps({"pid": pid or os.getpid(), "ports": dict(ports), "ready": ready}) + "\n")
    draft.replace(run_dir / f"{part}.json")


def read(run_dir: Path, part: str) -> RunFile | None:
    """None: never started, or stopped in order."""
    try:
        said: dict[str, Any] = json.loads((run_dir / f"{part}.json").read_text())
    except (FileNotFoundError, ValueError):
        return None
    return RunFile(part, int(said["pid"]), said.get("ports", {}), bool(said.get("ready")))


def remove(run_dir: Path, part: str) -> None:
    """At the part's orderly end, and before it is started again."""
    (run_dir / f"{part}.json").unlink(missing_ok=True)


def main(arguments: list[str]) -> int:
    """`python -m carillon.runfile STATE PART`: 0 when that part is alive and ready; the health check of a container."""
    said = read(Path(arguments[0]) / "run", arguments[1])
    return 0 if said is not None and said.ready and said.alive else 1


def _is_zombie(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except (FileNotFoundError, ProcessLookupError):  # it was reaped meanwhile; the second one when that was between open and read
        return True
    except IndexError:
        return False


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
