"""A whole instance as `bin/up` runs it: supervisor, Asterisk, core, api and demo data on free ports; gone when the block ends."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from carillon import runfile
from carillon.settings import Settings
from tests.support.asterisk import free_settings

CHECKOUT = Path(__file__).resolve().parents[2]
START_SECONDS = 150.0  # on a machine that others use too
COMMAND = [sys.executable, "-m", "carillon.cli.main"]


@dataclass(frozen=True)
class Instance:
    """`carillon(...)` runs one command to its end, `start(...)` leaves it running."""

    settings: Settings
    process: subprocess.Popen[str]

    @property
    def environment(self) -> dict[str, str]:
        """The state directory alone names an instance."""
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("CARILLON_")}
        return inherited | {"CARILLON_STATE": str(self.settings.state), "LANG": "C.UTF-8"}

    def carillon(self, *arguments: str, timeout: float = 90.0) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*COMMAND, *arguments],
            env=self.environment,
            cwd=CHECKOUT,
            capture_output=True,
            text=True,
            check=False,
            timeout=timeout,
        )

    @contextlib.contextmanager
    def start(self, *arguments: str) -> Iterator[subprocess.Popen[str]]:
        """Ended by TERM, as a person does."""
        with (self.settings.state / "log" / "commands.log").open("a") as log:
            process = subprocess.Popen(
                [*COMMAND, *arguments], env=self.environment, cwd=CHECKOUT, stdout=subprocess.PIPE, stderr=log, text=True
            )
        try:
            yield process
        finally:
            process.terminate()
            process.communicate(timeout=15)

    @contextlib.contextmanager
    def agent(self, login: str, *options: str) -> Iterator[subprocess.Popen[str]]:
        """A software agent that the core counts READY."""
        with self.start("agent", "--login", login, *options) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == "READY\n"
            yield process

    def accounts(self, role: str) -> list[str]:
        """Log-ins of the demo accounts with that role."""
        return [each["login"] for each in json.loads(self.settings.demo_accounts_file.read_text()) if each["role"] == role]

    def pid(self, part: str) -> int:
        said = runfile.read(self.settings.run_dir, part)
        assert said is not None, f"{part} does not run"
        return said.pid

    def kill(self, part: str, number: int = signal.SIGKILL) -> None:
        os.kill(self.pid(part), number)

    def wait(self, condition: Callable[[], bool], timeout: float = 30.0) -> None:
        """Look again every 100 ms."""
        deadline = time.monotonic() + timeout
        while not condition():
            assert time.monotonic() < deadline, f"not within {timeout} s; logs:\n{self.log_tails()}"
            time.sleep(0.1)

    def wait_ready(self, part: str, timeout: float = 30.0) -> None:
        """It runs and does its work."""

        def ready() -> bool:
            said = runfile.read(self.settings.run_dir, part)
            return said is not None and said.alive and said.ready

        self.wait(ready, timeout)

    def log_tails(self, lines: int = 15) -> str:
        """The ends of all logs, for a failed test."""
        files = sorted((self.settings.state / "log").glob("*.log"))
        files.append(self.settings.switch_dir / "log" / "messages.log")
        tails = ((file, file.read_text(errors="replace").splitlines()[-lines:]) for file in files if file.exists())
        return "\n".join(f"--- {file.name}\n" + "\n".join(line[:400] for line in tail) for file, tail in tails)


@contextlib.contextmanager
def running_instance(folder: Path | None = None, **changes: object) -> Iterator[Instance]:
    """`carillon up` until every part is ready; ended by TERM, its state removed. `folder`: in which the state is made."""
    state = Path(tempfile.mkdtemp(prefix="carillon-", dir=folder))
    settings = free_settings(state, **changes)
    chosen = {f"CARILLON_{name.upper()}": str(value) for name, value in settings.model_dump().items() if value}
    with (state / "up.log").open("w") as log:
        process = subprocess.Popen([*COMMAND, "up"], env=os.environ | chosen, cwd=CHECKOUT, stdout=log, stderr=log, text=True)
    running = Instance(settings, process)
    try:
        _wait_until_up(running, state / "up.log")
        yield running
    finally:
        process.terminate()
        process.wait(30)
        shutil.rmtree(state, ignore_errors=True)


def _wait_until_up(running: Instance, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and running.process.poll() is None:
        said = runfile.read(running.settings.run_dir, "supervisor")
        if said is not None and said.ready:
            return
        time.sleep(0.1)
    raise AssertionError(f"`carillon up` did not come up:\n{log.read_text()}\n{running.log_tails()}")


@pytest.fixture(scope="module")
def instance(request: pytest.FixtureRequest) -> Iterator[Instance]:
    """One instance for the tests of a module. Import this name into the test module."""
    with running_instance() as running:
        failed = request.session.testsfailed
        yield running
        if request.session.testsfailed > failed:
            sys.stderr.write(f"{running.log_tails()}\n")
