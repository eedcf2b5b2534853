"""A private Asterisk of one test module: rendered, running, on free ports; gone with its state when the module ends."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from carillon import runfile
from carillon.settings import Settings
from carillon.switch.launch import log_tail
from carillon.switch.secrets import Secrets, load_or_create
from tests.support.ports import Slots

START_SECONDS = 60.0  # four are usual; a busy machine takes what it takes


@dataclass(frozen=True)
class RealAsterisk:
    """What a test needs to talk to it. `uri(number)` is where a caller on 127.0.0.2 sends his INVITE."""

    settings: Settings
    secrets: Secrets
    process: subprocess.Popen[bytes]

    @property
    def pid(self) -> int:
        """Of Asterisk itself."""
        run = runfile.read(self.settings.run_dir, "switch")
        assert run is not None
        return run.pid

    def uri(self, number: str) -> str:
        return f"sip:{number}@127.0.0.1:{self.settings.sip_port}"

    @property
    def log(self) -> str:
        return (self.settings.switch_dir / "log/messages.log").read_text(errors="replace")

    def cli(self, command: str) -> str:
        """What `asterisk -rx` says; for assertions only, the product has no console."""
        control = self.settings.switch_dir / "run/asterisk.ctl"
        with socket.socket(socket.AF_UNIX) as line:
            line.settimeout(5)
            line.connect(str(control))
            line.sendall(b"cli quit after " + command.encode() + b"\0")
            said = b""
            with contextlib.suppress(ConnectionResetError):
                while part := line.recv(65536):
                    said += part
        return said.replace(b"\0", b"").decode(errors="replace")

    def stop(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(15)


SWITCHES = Slots("switch", first=11000, count=50, width=20)
FIRST_RTP, RTP_PORTS = 22000, 200  # of slot 0; of each slot


def free_settings(state: Path, **changes: object) -> Settings:
    """Settings on ports of a slot of their own, media too."""
    base = SWITCHES.free()
    first = FIRST_RTP + SWITCHES.slot(base) * RTP_PORTS
    values: dict[str, object] = {
        "state": state,
        "port_base": base,
        "rtp_range": f"{first}-{first + RTP_PORTS - 1}",
    }
    return Settings(**(values | changes))  # type: ignore[arg-type]


@contextlib.contextmanager
def running_asterisk(settings: Settings) -> Iterator[RealAsterisk]:
    """Start `carillon switch` for these settings, wait until it is ready, stop it at the end."""
    environment = os.environ | {f"CARILLON_{name.upper()}": str(value) for name, value in settings.model_dump().items() if value}
    command = [sys.executable, "-m", "carillon.cli.main", "switch"]
    process = subprocess.Popen(command, env=environment, stderr=subprocess.PIPE)
    started = RealAsterisk(settings, load_or_create(settings.secrets_file), process)
    try:
        _wait_until_ready(settings, process)
        yield started
    finally:
        if process.poll() is None:
            started.stop()
        if process.stderr is not None:
            process.stderr.close()


def _wait_until_ready(settings: Settings, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        if runfile.read(settings.run_dir, "switch") is not None:
            return
        time.sleep(0.02)
    process.kill()
    said = process.stderr.read().decode(errors="replace") if process.stderr else ""
    raise AssertionError(f"Asterisk did not start:\n{said}\n{log_tail(settings)}")


@contextlib.contextmanager
def asterisk(**changes: object) -> Iterator[RealAsterisk]:
    """`with asterisk() as switch:` with a state directory of its own. Its log's end is printed when the body fails."""
    state = Path(tempfile.mkdtemp(prefix="carillon-"))
    settings = free_settings(state, **changes)
    try:
        with running_asterisk(settings) as running:
            try:
                yield running
            except BaseException:
                sys.stderr.write(log_tail(settings) + "\n")
                raise
    finally:
        shutil.rmtree(state, ignore_errors=True)


@pytest.fixture(scope="module")
def real_asterisk(request: pytest.FixtureRequest) -> Iterator[RealAsterisk]:
    """One Asterisk for the tests of a module. Import this name into the test module, or list it in a conftest."""
    with asterisk() as running:
        failed = request.session.testsfailed
        yield running
        if request.session.testsfailed > failed:
            sys.stderr.write(f"--- end of Asterisk's log ---\n{log_tail(running.settings)}\n")
