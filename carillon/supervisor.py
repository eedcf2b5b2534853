"""Owns switch, core and api: starts each when the one it needs is ready, restarts the dead, stops all together.

One thread, one loop, no library: what must outlive every other part should have nothing that can break.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import select
import shutil
import signal
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from carillon import runfile
from carillon.supervised import Child, Part, monotonic

TICK_SECONDS = 0.05
LOG_BYTES = 20_000_000
LOG_EVERY = 60.0
REFUSED = 2  # exit code of a part whose settings or surroundings are wrong: starting it again would not help
_PR_SET_CHILD_SUBREAPER = 36
_STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Supervisor:
    """`run()` returns the exit code: 0 told to stop, 2 a part refused to start before it was ever ready."""

    def __init__(
        self, parts: Sequence[Part], state: Path, *, on_ready: Callable[[], None], ports: dict[str, int], name: str = "supervisor"
    ) -> None:
        self._name = name
        self._run_dir, self._log_dir = state / "run", state / "log"
        self._run_dir.mkdir(parents=True, exist_ok=True)
        self._log_dir.mkdir(parents=True, exist_ok=True)
        self._children = [Child(part, self._run_dir, self._log_dir) for part in parts]
        self._more_logs = [state / "switch/log/messages.log"]
        self._on_ready, self._ports = on_ready, ports
        self._announced = self._stopping = False
        self._refused: Child | None = None
        self._logs_looked_at = 0.0
        self._wake, self._waker = os.pipe()

    def run(self) -> int:
        """Until told to stop, or a part refuses. On return no process of ours is left."""
        self._take_signals()
        ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)  # orphans of our children become ours, and are ended with us
        runfile.write(self._run_dir, self._name, ports=self._ports, ready=False)
        try:
            while not self._stopping and self._refused is None:
                self._tick(monotonic())
                self._sleep()
        finally:
            self._stop_all()
            runfile.remove(self._run_dir, self._name)
        return REFUSED if self._refused is not None else 0

    # ---- the loop ---------------------------------------------------------------------------------------------------

    def _tick(self, now: float) -> None:
        self._reap(now)
        for child in self._children:
            if child.is_stuck(now):
                _say(f"{child.part.name} has been silent for too long: it is killed and started again.")
                child.send(signal.SIGKILL)
        self._start_due(now)
        if not self._announced and all(child.is_ready() for child in self._children):
            self._announced = True
            runfile.write(self._run_dir, self._name, ports=self._ports)
            self._on_ready()
        if now - self._logs_looked_at > LOG_EVERY:
            self._logs_looked_at = now
            self._shorten_logs()

    def _start_due(self, now: float) -> None:
        """In order the first time; later each by itself: a dead switch is no reason to leave the core down."""
        ready = {child.part.name for child in self._children if child.is_ready() or child.was_ready}
        for child in self._children:
            due = now >= child.start_at and (not child.part.after or child.part.after in ready)
            if due and not child.running and self._refused is None:
                if not child.was_ready:
                    _say(f"Starting {child.part.name} …")
                self._start(child, now)

    def _start(self, child: Child, now: float) -> None:
        try:
            child.start(now)
        except OSError as error:  # no memory, no process to be had: that may pass, and must not end us
            child.wait_longer(now)
            _say(f"{child.part.name} could not be started: {error.strerror}. It is tried again.")

    def _reap(self, now: float) -> None:
        for pid, status in _dead():
            for child in self._children:
                if child.process is not None and child.process.pid == pid:
                    self._ended(child, child.ended(status, now))

    def _ended(self, child: Child, code: int) -> None:
        if self._stopping:
            return
        if code == REFUSED and not child.was_ready:
            self._refused = child
            _say(f"{child.part.name} cannot start:\n{_tail(child.log_file)}")
            return
        wait = max(child.start_at - monotonic(), 0)
        when = f"in {wait:.1f} s" if wait else "at once"
        _say(f"{child.part.name} ended ({code}); it is started again {when}. Its log: {child.log_file}")

    # ---- the end ----------------------------------------------------------------------------------------------------

    def _stop_all(self) -> None:
        """The last started first: nobody is left talking to a part that has gone."""
        self._stopping = True
        for child in reversed(self._children):
            child.send(signal.SIGTERM)
            deadline = monotonic() + child.part.stop_seconds
            while child.running and monotonic() < deadline:
                self._reap(monotonic())
                select.select([], [], [], 0.02)
            child.send(signal.SIGKILL)
            runfile.remove(self._run_dir, child.part.name)
        self._end_orphans()

    def _end_orphans(self) -> None:
        """What our children left behind was handed to us (subreaper): end it by pid until none is left."""
        while left := _own_children():
            for pid in left:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            self._reap(monotonic())
            select.select([], [], [], 0.02)

    # ---- signals and logs -------------------------------------------------------------------------------------------

    def _take_signals(self) -> None:
        os.set_blocking(self._waker, False)
        for number in _STOP_SIGNALS:
            signal.signal(number, self._told)
        signal.signal(signal.SIGCHLD, self._nudge)

    def _told(self, *_: object) -> None:
        self._stopping = True
        self._nudge()

    def _nudge(self, *_: object) -> None:
        with contextlib.suppress(BlockingIOError):
            os.write(self._waker, b"!")

    def _sleep(self) -> None:
        """A tick, or less when a child ends or we are told to stop."""
        if select.select([self._wake], [], [], TICK_SECONDS)[0]:
            os.read(self._wake, 1024)

    def _shorten_logs(self) -> None:
        """Copy and cut: the writers append, so they go on at the new end."""
        for file in (*(child.log_file for child in self._children), *self._more_logs):
            with contextlib.suppress(FileNotFoundError):
                if file.stat().st_size > LOG_BYTES:
                    shutil.copyfile(file, file.with_suffix(".log.1"))
                    os.truncate(file, 0)


def _dead() -> list[tuple[int, int]]:
    """Every child of this process that has ended: (pid, status)."""
    found = []
    with contextlib.suppress(ChildProcessError):
        while (done := os.waitpid(-1, os.WNOHANG))[0]:
            found.append(done)
    return found


def _own_children() -> list[int]:
    return [int(each) for each in Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()]


def _tail(file: Path, lines: int = 8) -> str:
    with contextlib.suppress(FileNotFoundError):
        return "\n".join(file.read_text(errors="replace").splitlines()[-lines:])
    return ""


def _say(sentence: str) -> None:
    sys.stderr.write(f"{sentence}\n")
    sys.stderr.flush()
