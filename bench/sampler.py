"""Where a process of ours spends its CPU time: stacks of the main thread every few milliseconds of CPU time (ITIMER_PROF, about
0.3 % of the time measured), and the CPU seconds of every thread by its name.

SIGUSR1 begins anew, SIGUSR2 writes `{threads: {name: seconds}, stacks: {"a;b;c": samples}}` to the file.
"""

from __future__ import annotations

import json
import signal
import sys
import threading
from collections import Counter
from pathlib import Path
from types import FrameType

from bench.rounds import cpu_seconds

EVERY = 0.005
IDLE = "selectors.py:select"


class Sampler:
    def __init__(self, file: Path) -> None:
        self._file = file
        self._stacks: Counter[str] = Counter()
        self._before: dict[str, float] = {}

    def install(self) -> None:
        """In the main thread."""
        signal.signal(signal.SIGPROF, self._sample)
        signal.signal(signal.SIGUSR1, lambda *_: self._begin())
        signal.signal(signal.SIGUSR2, lambda *_: self._write())
        signal.setitimer(signal.ITIMER_PROF, EVERY, EVERY)

    def _begin(self) -> None:
        self._stacks.clear()
        self._before = _threads()

    def _sample(self, _number: int, frame: FrameType | None) -> None:
        names: list[str] = []
        while frame is not None:
            code = frame.f_code
            names.append(f"{code.co_filename.removeprefix(sys.prefix)}:{code.co_name}:{frame.f_lineno}")
            frame = frame.f_back
        self._stacks[";".join(reversed(names))] += 1

    def _write(self) -> None:
        threads = {name: seconds - self._before.get(name, 0.0) for name, seconds in _threads().items()}
        draft = self._file.with_suffix(".new")
        draft.write_text(json.dumps({"threads": threads, "stacks": self._stacks}))
        draft.replace(self._file)


def _threads() -> dict[str, float]:
    """CPU seconds by thread name; numbered workers of one kind together."""
    found: dict[str, float] = {}
    for thread in threading.enumerate():
        if thread.native_id is not None:
            name = _kind(thread.name)
            found[name] = found.get(name, 0.0) + cpu_seconds(f"self/task/{thread.native_id}")
    return found


def _kind(name: str) -> str:
    return name.rstrip("0123456789_-") or name
