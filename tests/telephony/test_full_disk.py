"""A whole instance whose disk fills up in a call: who talks goes on talking, it is said, and with room again all is well."""

from __future__ import annotations

import contextlib
import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.instance import Instance, running_instance

pytestmark = [pytest.mark.telephony, pytest.mark.timeout(300)]
SIZE = "400m"


@pytest.fixture(scope="module")
def small_disk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("disk")
    if subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "none", str(folder)], check=False).returncode:
        pytest.skip("a small disk needs the right to mount one")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


@contextlib.contextmanager
def full(disk: Path) -> Iterator[None]:
    """Not one byte is left."""
    filler = disk / "filler"
    with filler.open("wb", buffering=0) as file, contextlib.suppress(OSError):
        while True:
            file.write(bytes(1 << 20))
    with filler.open("ab", buffering=0) as file, contextlib.suppress(OSError):
        while True:
            file.write(bytes(1))
    yield
    filler.unlink()


def last_call(instance: Instance) -> dict[str, object]:
    answer = instance.carillon("calls", "--last", "1", "--json")
    found = json.loads(answer.stdout)
    return dict(found[0]) if found else {}


def doctor_says(instance: Instance, code: str) -> bool:
    answer = json.loads(instance.carillon("doctor", "--json").stdout)
    return any(check["code"] == code and not check["ok"] for check in answer["checks"])


def test_a_disk_that_fills_up_in_a_call_costs_no_call_and_is_said(small_disk: Path) -> None:
    call = ("call", "--from", "+8613800138000", "--to", "4001", "--wait")
    with running_instance(small_disk) as instance, instance.agent(instance.accounts("agent")[0]):
        with instance.start(*call, "--script", "wait 2.4,dtmf 1,wait 0.5,dtmf 1,answer,wait 90") as caller:
            instance.wait(lambda: any(f["kind"] == "call.answered" for f in last_call(instance).get("facts", [])), 40)  # type: ignore[union-attr]
            with full(small_disk):
                instance.wait(lambda: doctor_says(instance, "disk_full"), 15)
                instance.wait(lambda: "recording_stalled" in instance.log_tails(60), 20)
                assert caller.poll() is None, "the call went on"
            instance.wait(lambda: caller.poll() is not None, 120)
            assert caller.returncode == 0
            told = json.loads(caller.stdout.read()) if caller.stdout else {}
        assert told["ended_by"] == "caller"
        assert "recording.stalled" in [fact["kind"] for fact in told["facts"]]
        instance.wait(lambda: instance.carillon("doctor").returncode == 0, 20)
        again = instance.carillon(*call, "--script", "wait 2.4,dtmf 1,wait 0.5,dtmf 1,answer,wait 2", timeout=120)
        assert again.returncode == 0, again.stderr
        assert json.loads(again.stdout)["recording"]["channels"] == 2
