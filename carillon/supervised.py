"""One child of the supervisor: how it is started, how long it may be silent, when it may be started again."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from carillon import runfile

PAT_SECONDS = 6.0  # a core that is silent for so long hangs: its callers are in a FastAGI session that nobody reads
BACK_OFF = (0.0, 0.5, 1.0, 2.0, 5.0, 10.0)
HEALTHY_SECONDS = 30.0  # after so long a fault is a new one
_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True)


@dataclass(frozen=True, slots=True)
class Part:
    """What is run. `after`: the part that must be ready before its first start; `watched`: it pats the supervisor by lines on the
    pipe that CARILLON_PAT_FD names."""

    name: str
    command: Sequence[str]
    after: str = ""
    watched: bool = False
    stop_seconds: float = 5.0


class Child:
    """A part and its process. All times are monotonic seconds and come in as arguments."""

    def __init__(self, part: Part, run_dir: Path, log_dir: Path) -> None:
        self.part = part
        self.was_ready = False
        self.process: subprocess.Popen[bytes] | None = None
        self.start_at = 0.0
        self._run_dir, self._log_dir = run_dir, log_dir
        self._faults = 0
        self._started = 0.0
        self._pats = -1
        self._patted: float | None = None

    @property
    def running(self) -> bool:
        return self.process is not None

    @property
    def log_file(self) -> Path:
        return self._log_dir / f"{self.part.name}.log"

    def start(self, now: float) -> None:
        """Fork it; it dies with this process, by the kernel's hand."""
        runfile.remove(self._run_dir, self.part.name)
        environment = dict(os.environ)
        pats, patting = os.pipe() if self.part.watched else (-1, -1)
        if self.part.watched:
            os.set_blocking(pats, False)
            environment["CARILLON_PAT_FD"] = str(patting)
        try:
            self.process = self._fork(environment, patting)
        finally:
            if self.part.watched:
                os.close(patting)
        self._pats, self._patted, self._started = pats, None, now

    def _fork(self, environment: dict[str, str], patting: int) -> subprocess.Popen[bytes]:
        with self.log_file.open("ab") as log:
            return subprocess.Popen(  # noqa: S603 - our own commands
                self.part.command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=environment,
                pass_fds=(patting,) if patting >= 0 else (),
                start_new_session=True,  # Ctrl-C at the terminal reaches the supervisor alone, which stops in order
                preexec_fn=_die_with(os.getpid()),  # noqa: PLW1509 - this process has one thread
            )

    def is_ready(self) -> bool:
        """It wrote its run file since it was started."""
        if not self.running:
            return False
        said = runfile.read(self._run_dir, self.part.name)
        if said is not None and said.ready:
            self.was_ready = True
        return said is not None and said.ready

    def is_stuck(self, now: float) -> bool:
        """It has patted before and is silent now. Reads what is in the pipe first: a stalled supervisor accuses nobody."""
        if not self.running or self._pats < 0:
            return False
        with contextlib.suppress(BlockingIOError):
            while os.read(self._pats, 4096):
                self._patted = now
        return self._patted is not None and now - self._patted > PAT_SECONDS

    def ended(self, status: int, now: float) -> int:
        """It was reaped: plan the next start (the first one at once), return its exit code."""
        code = os.waitstatus_to_exitcode(status)
        if self.process is not None:
            self.process.returncode = code
        self.process = None
        if self._pats >= 0:
            os.close(self._pats)
            self._pats = -1
        self._faults = 0 if now - self._started > HEALTHY_SECONDS else self._faults
        self.wait_longer(now)
        return code

    def wait_longer(self, now: float) -> None:
        """One more fault: the next start is later than the last."""
        self.start_at = now + BACK_OFF[min(self._faults, len(BACK_OFF) - 1)]
        self._faults += 1

    def send(self, number: int) -> None:
        """By pid, and only while it is ours."""
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.process.pid, number)


def _die_with(parent: int) -> Callable[[], None]:
    def arrange() -> None:
        _libc.prctl(_PR_SET_PDEATHSIG, ctypes.c_ulong(signal.SIGKILL), 0, 0, 0)
        if os.getppid() != parent:
            os._exit(1)

    return arrange


def monotonic() -> float:
    """Seconds; the supervisor's one clock."""
    return time.monotonic()
