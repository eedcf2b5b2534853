"""The supervisor with dummy children: real processes, small programs."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from carillon import runfile
from carillon.preflight import CannotStart, check_ports, lock
from carillon.supervised import BACK_OFF, Child, Part
from tests.support.asterisk import free_settings

READY = """
    import json, os, pathlib, signal, sys, time
    def ready():
        pathlib.Path({run!r}, {name!r} + '.json').write_text(json.dumps({{'pid': os.getpid(), 'ports': {{}}, 'ready': True}}))
"""
WAITS = READY + "    ready()\n    time.sleep(60)\n"
HARNESS = """
    import sys
    from pathlib import Path
    from carillon.supervised import Part
    from carillon.supervisor import Supervisor
    state, parts, before = Path(sys.argv[1]), [], ''
    for each in sys.argv[2:]:
        name, _, file = each.partition('=')
        parts.append(Part(name, [sys.executable, file], after=before, watched=name == 'core', stop_seconds=1.0))
        before = name
    told = lambda: (state / 'announced').touch()
    raise SystemExit(Supervisor(parts, state, on_ready=told, ports={}).run())
"""


class Supervised:
    """A supervisor in a process of its own, with programs given as text."""

    def __init__(self, state: Path) -> None:
        self.state, self.process = state, None
        (state / "run").mkdir(parents=True)

    def start(self, **programs: str) -> subprocess.Popen[bytes]:
        arguments = []
        for name, program in programs.items():
            file = self.state / f"{name}.py"
            file.write_text(textwrap.dedent(program).format(run=str(self.state / "run"), name=name, state=str(self.state)))
            arguments.append(f"{name}={file}")
        harness = self.state / "harness.py"
        harness.write_text(textwrap.dedent(HARNESS))
        environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])}
        self.process = subprocess.Popen(
            [sys.executable, str(harness), str(self.state), *arguments], env=environment, stderr=subprocess.PIPE
        )
        return self.process

    def pid(self, part: str) -> int:
        said = runfile.read(self.state / "run", part)
        return said.pid if said is not None else 0

    def announced(self) -> bool:
        return (self.state / "announced").exists()

    def end(self) -> str:
        if self.process is None or self.process.stderr is None:
            return ""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        said = self.process.communicate(timeout=20)[1].decode()
        return str(said)


@pytest.fixture
def supervised(tmp_path: Path) -> Iterator[Supervised]:
    made = Supervised(tmp_path / "state")
    yield made
    made.end()


def until(condition: Callable[[], object], seconds: float = 10.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)


def gone(pid: int) -> bool:
    return not runfile.RunFile("any", pid).alive


def test_a_part_starts_when_the_one_it_needs_is_ready(supervised: Supervised) -> None:
    slow = READY + "    time.sleep(0.7)\n    pathlib.Path({state!r}, 'switch-ready').touch()\n    ready()\n    time.sleep(60)\n"
    after = READY + "    assert pathlib.Path({state!r}, 'switch-ready').exists()\n    ready()\n    time.sleep(60)\n"
    supervised.start(switch=slow, api=after)
    until(supervised.announced)
    assert json.loads((supervised.state / "run/supervisor.json").read_text())["ready"] is True
    assert "api ended" not in supervised.end()


def test_a_dead_part_is_started_again_at_once_and_the_others_are_left_alone(supervised: Supervised) -> None:
    supervised.start(switch=WAITS, core=WAITS)
    until(supervised.announced)
    switch, core = supervised.pid("switch"), supervised.pid("core")
    os.kill(core, signal.SIGKILL)
    until(lambda: supervised.pid("core") not in (0, core))
    assert supervised.pid("switch") == switch
    assert "core ended (-9); it is started again at once" in supervised.end()


def test_a_part_that_keeps_dying_is_started_ever_more_slowly(tmp_path: Path) -> None:
    child = Child(Part("core", ["true"]), tmp_path, tmp_path)
    waits = []
    for now in (100.0, 101.0, 102.0, 103.0, 104.0, 105.0, 106.0):
        child.start(now)
        _, status = os.waitpid(child.process.pid, 0) if child.process else (0, 0)
        child.ended(status, now)
        waits.append(child.start_at - now)
    assert waits == [*BACK_OFF, BACK_OFF[-1]]


def test_a_fault_after_long_health_is_a_first_fault_again(tmp_path: Path) -> None:
    child = Child(Part("core", ["true"]), tmp_path, tmp_path)
    for started, ended in ((0.0, 1.0), (2.0, 3.0), (10.0, 100.0)):
        child.start(started)
        _, status = os.waitpid(child.process.pid, 0) if child.process else (0, 0)
        child.ended(status, ended)
    assert child.start_at == 100.0


def test_a_watched_part_that_falls_silent_is_killed_and_started_again(supervised: Supervised) -> None:
    once = READY + "    ready()\n    os.write(int(os.environ['CARILLON_PAT_FD']), b'pat\\n')\n    time.sleep(60)\n"
    supervised.start(core=once)
    until(supervised.announced)
    first = supervised.pid("core")
    until(lambda: supervised.pid("core") not in (0, first), seconds=20)  # 6 of them silence
    assert gone(first)


def test_a_part_that_never_patted_is_never_accused(tmp_path: Path) -> None:
    child = Child(Part("core", ["sleep", "30"], watched=True), tmp_path, tmp_path)
    child.start(0.0)
    assert not child.is_stuck(1000.0)
    child.send(signal.SIGKILL)
    _, status = os.waitpid(child.process.pid, 0) if child.process else (0, 0)
    child.ended(status, 1000.0)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_every_signal_to_stop_ends_all_parts(supervised: Supervised, number: signal.Signals) -> None:
    process = supervised.start(switch=WAITS, core=WAITS)
    until(supervised.announced)
    pids = [supervised.pid("switch"), supervised.pid("core")]
    process.send_signal(number)
    assert process.wait(10) == 0
    assert all(gone(pid) for pid in pids)
    assert list((supervised.state / "run").iterdir()) == []


def test_a_part_that_ignores_the_signal_is_killed(supervised: Supervised) -> None:
    deaf = READY + "    signal.signal(signal.SIGTERM, signal.SIG_IGN)\n    ready()\n    time.sleep(60)\n"
    process = supervised.start(core=deaf)
    until(supervised.announced)
    pid = supervised.pid("core")
    process.terminate()
    assert process.wait(10) == 0
    assert gone(pid)


def test_what_a_part_left_behind_is_ended_too(supervised: Supervised) -> None:
    leaves = READY + (
        "    import subprocess\n"
        "    left = subprocess.Popen(['sleep', '60'], start_new_session=True)\n"
        "    pathlib.Path({state!r}, 'left').write_text(str(left.pid))\n    ready()\n    time.sleep(60)\n"
    )
    process = supervised.start(core=leaves)
    until(supervised.announced)
    left = int((supervised.state / "left").read_text())
    process.terminate()
    process.wait(10)
    assert gone(left)


def test_a_killed_supervisor_takes_its_parts_with_it(supervised: Supervised) -> None:
    process = supervised.start(switch=WAITS, core=WAITS)
    until(supervised.announced)
    pids = [supervised.pid("switch"), supervised.pid("core")]
    process.kill()
    until(lambda: all(gone(pid) for pid in pids))


def test_a_part_that_refuses_to_start_stops_everything_with_its_own_sentence(supervised: Supervised) -> None:
    refuses = READY + "    sys.stderr.write('CARILLON_X is wrong.\\n')\n    sys.exit(2)\n"
    process = supervised.start(switch=WAITS, core=refuses)
    assert process.wait(10) == 2
    assert "CARILLON_X is wrong." in supervised.end()
    assert list((supervised.state / "run").iterdir()) == []


def test_a_second_instance_on_the_same_state_is_refused(tmp_path: Path) -> None:
    held = lock(tmp_path)
    try:
        with pytest.raises(CannotStart, match=f"supervisor {os.getpid()}"):
            lock(tmp_path)
    finally:
        os.close(held)


def test_a_taken_port_is_one_clear_sentence(tmp_path: Path) -> None:
    settings = free_settings(tmp_path)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", settings.agi_port))
        taken.listen()
        with pytest.raises(CannotStart, match=rf"TCP port {settings.agi_port} .*FastAGI.*CARILLON_PORT_BASE"):
            check_ports(settings)


def test_free_ports_are_no_reason_to_refuse(tmp_path: Path) -> None:
    check_ports(free_settings(tmp_path))


def test_a_part_that_cannot_be_forked_is_tried_again_later(tmp_path: Path) -> None:
    child = Child(Part("core", [str(tmp_path / "absent")], watched=True), tmp_path, tmp_path)
    with pytest.raises(OSError, match="No such file"):
        child.start(5.0)
    child.wait_longer(5.0)
    child.wait_longer(5.0)
    assert not child.running
    assert child.start_at == 5.0 + BACK_OFF[1]
