"""`carillon up` with the real parts: what it restarts, what it refuses, and that nothing is left of it."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from carillon import runfile
from carillon.preflight import CannotStart, check_ports
from carillon.settings import Settings
from tests.support.asterisk import free_settings
from tests.support.instance import CHECKOUT, COMMAND, Instance, running_instance
from tests.support.stalls import Stalls, stalled  # noqa: F401 - a fixture

pytestmark = [pytest.mark.telephony, pytest.mark.timeout(300)]
PARTS = ("switch", "core", "api")


@pytest.fixture(scope="module")
def instance() -> Iterator[Instance]:
    with running_instance() as running:
        yield running


def processes_of(state: Path) -> list[int]:
    """Pids of all processes whose environment or command names this state directory, but those of this test."""
    found, word = [], str(state).encode()
    for each in Path("/proc").glob("[0-9]*"):
        try:
            said = (each / "cmdline").read_bytes() + (each / "environ").read_bytes()
        except OSError:
            continue
        if word in said and int(each.name) != os.getpid():
            found.append(int(each.name))
    return found


def ports_are_free(settings: Settings) -> bool:
    try:
        check_ports(settings)
    except CannotStart:
        return False
    return True


def test_each_part_tells_its_pid_and_lives(instance: Instance) -> None:
    for part in ("supervisor", *PARTS):
        said = runfile.read(instance.settings.run_dir, part)
        assert said is not None, part
        assert said.alive, part
        assert said.ready, part


@pytest.mark.parametrize("part", PARTS)
def test_a_killed_part_is_back_within_seconds_and_the_others_were_not_touched(instance: Instance, part: str) -> None:
    before = {each: instance.pid(each) for each in PARTS}
    instance.kill(part)
    instance.wait(lambda: (said := runfile.read(instance.settings.run_dir, part)) is not None and said.pid != before[part], 20)
    instance.wait_ready(part)
    assert {each: instance.pid(each) for each in PARTS if each != part} == {k: v for k, v in before.items() if k != part}


def test_a_core_that_hangs_is_killed_after_six_seconds_and_started_again(instance: Instance, stalled: Stalls) -> None:  # noqa: F811
    instance.wait_ready("core")
    before, since = instance.pid("core"), time.monotonic()
    instance.kill("core", signal.SIGSTOP)
    instance.wait(lambda: not runfile.RunFile("core", before).alive, 20)
    took = time.monotonic() - since
    assert took > 3.9  # six seconds of silence, of which two may be over: it pats every two
    assert took - stalled.seconds < 10
    instance.wait_ready("core")


def test_after_all_that_it_can_take_a_call(instance: Instance) -> None:
    for part in PARTS:
        instance.wait_ready(part)
    instance.wait(lambda: instance.carillon("doctor").returncode == 0, 30)


def test_a_second_start_on_the_same_state_is_refused_in_one_sentence(instance: Instance) -> None:
    done = instance.carillon("up")
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert f"supervisor {instance.pid('supervisor')}" in done.stderr


def test_two_whole_instances_run_side_by_side_and_each_is_found_by_its_state_alone(instance: Instance) -> None:
    with running_instance() as other:
        for each in (instance, other):
            each.wait(lambda: each.carillon("doctor").returncode == 0, 30)  # noqa: B023 - used at once
            said = json.loads(each.carillon("doctor", "--json").stdout)
            assert said["pids"]["core"] == each.pid("core")
            assert said["addresses"]["sip_trunk"].endswith(f":{each.settings.sip_port}")
        assert instance.settings.sip_port != other.settings.sip_port


def test_a_taken_port_is_refused_before_anything_starts(tmp_path: Path) -> None:
    settings = free_settings(tmp_path / "state")
    environment = os.environ | {"CARILLON_STATE": str(settings.state), "CARILLON_PORT_BASE": str(settings.port_base)}
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", settings.ami_port))
        taken.listen()
        done = subprocess.run(
            [*COMMAND, "up"], env=environment, cwd=CHECKOUT, capture_output=True, text=True, check=False, timeout=30
        )
    assert done.returncode == 2
    assert f"TCP port {settings.ami_port}" in done.stderr
    assert "CARILLON_PORT_BASE" in done.stderr
    assert not (settings.state / "settings.json").exists()


@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGKILL])
def test_nothing_is_left_when_it_ends(end: signal.Signals) -> None:
    with running_instance() as instance:
        state, settings = instance.settings.state, instance.settings
        assert len(processes_of(state)) >= 4
        os.kill(instance.pid("supervisor"), end)
        instance.wait(lambda: not processes_of(state), 20)
        instance.wait(lambda: ports_are_free(settings), 10)
        assert str(state) not in Path("/proc/self/mounts").read_text()


@pytest.fixture
def short_folder() -> Iterator[Path]:
    """The path of a UNIX socket has room for 107 characters; pytest's own folders take most of them."""
    with tempfile.TemporaryDirectory(prefix="carillon-", ignore_cleanup_errors=True) as folder:
        yield Path(folder)


def test_an_empty_instance_prints_a_link_that_works_once(short_folder: Path) -> None:
    settings = free_settings(short_folder / "state")
    environment = os.environ | {
        "CARILLON_STATE": str(settings.state),
        "CARILLON_PORT_BASE": str(settings.port_base),
        "CARILLON_RTP_RANGE": settings.rtp_range,
    }
    process = subprocess.Popen([*COMMAND, "up", "--empty"], env=environment, cwd=CHECKOUT, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        lines = iter(process.stdout.readline, "")
        link = next(line for line in lines if "/setup?token=" in line)
        assert f":{settings.console_port}/setup?token=" in link
        assert not settings.demo_accounts_file.exists()
    finally:
        process.terminate()
        process.communicate(timeout=60)
    assert process.returncode == 0
