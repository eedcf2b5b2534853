"""A real Asterisk on the rendered configuration: it loads, is confined, and lets in whom it should."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from carillon import runfile
from carillon.switch.render import TEMPLATES
from carillon.switch.secrets import AMI_CTL_USER, AMI_READ_USER
from tests.support.ami_lines import ami_line
from tests.support.asterisk import RealAsterisk, asterisk, real_asterisk

pytestmark = pytest.mark.telephony
__all__ = ["real_asterisk"]

CONTEXTS = [
    *("inbound", "cti-entry", "cti-hold", "cti-ring", "cti-again", "cti-after", "cti-agenthold"),
    *("cti-room-agent", "cti-room-caller", "cti-out", "cti-fallback", "from-agent"),
]


def until(condition: Callable[[], bool], seconds: float = 5.0) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.02)
    return condition()


def exists(pid: int) -> bool:
    return runfile.RunFile("any", pid).alive


def test_nothing_is_wrong_in_the_log_of_a_start(real_asterisk: RealAsterisk) -> None:
    started = real_asterisk.log
    assert "ERROR" not in started
    assert "WARNING" not in started


def test_every_module_of_the_list_is_running_and_no_other(real_asterisk: RealAsterisk) -> None:
    wanted = set(re.findall(r"^(?:pre)?load => (\S+)", (TEMPLATES / "modules.conf").read_text(), re.MULTILINE))
    running = set(re.findall(r"^(\S+\.so) .*Running", real_asterisk.cli("module show"), re.MULTILINE))
    assert running == wanted


@pytest.mark.parametrize("context", CONTEXTS)
def test_a_context_of_the_contract_exists(real_asterisk: RealAsterisk, context: str) -> None:
    assert f"Context '{context}' created by 'pbx_config'" in real_asterisk.cli(f"dialplan show {context}")


def test_every_application_and_function_of_the_dialplan_is_loaded(real_asterisk: RealAsterisk) -> None:
    code = "\n".join(line for line in (TEMPLATES / "extensions.conf").read_text().splitlines() if not line.startswith(";"))
    applications = set(re.findall(r"=> (?:n(?:\(\w+\))?|[^,\n]+,1),(\w+)\(", code))
    functions = set(re.findall(r"\$\{([A-Z_]+)\(", code)) | {"PJSIP_HEADER", "CHANNEL"}
    loaded = real_asterisk.cli("core show applications")
    assert {each for each in applications if not re.search(rf"^\s*{each}:", loaded, re.MULTILINE)} == set()
    known = real_asterisk.cli("core show functions")
    assert {each for each in functions if not re.search(rf"^{each}\s", known, re.MULTILINE)} == set()


def test_asterisk_runs_without_privileges_as_an_account_of_its_own(real_asterisk: RealAsterisk) -> None:
    status = Path(f"/proc/{real_asterisk.pid}/status").read_text()
    assert re.search(r"^Uid:\s+61822\s", status, re.MULTILINE)
    assert re.search(r"^CapEff:\s+0+$", status, re.MULTILINE)
    assert re.search(r"^NoNewPrivs:\s+1$", status, re.MULTILINE)


def test_asterisk_sees_neither_the_secrets_file_nor_the_machine(real_asterisk: RealAsterisk) -> None:
    inside = Path(f"/proc/{real_asterisk.pid}/root")
    assert not (inside / str(real_asterisk.settings.secrets_file)[1:]).exists()
    assert not (inside / "home").exists()
    assert (inside / str(real_asterisk.settings.switch_dir)[1:] / "etc/manager.conf").exists()


def test_nothing_is_mounted_outside_its_own_namespace(real_asterisk: RealAsterisk) -> None:
    assert str(real_asterisk.settings.state) not in Path("/proc/self/mounts").read_text()


def test_only_loopback_is_listened_on(real_asterisk: RealAsterisk) -> None:
    settings = real_asterisk.settings
    others = [row.split()[1] for kind in ("tcp", "udp") for row in Path(f"/proc/net/{kind}").read_text().splitlines()[1:]]
    ours = {f"{port:04X}" for port in range(settings.port_base, settings.port_base + 10)}
    assert {address.split(":")[0] for address in others if address.split(":")[1] in ours} == {"0100007F"}


@pytest.mark.parametrize(
    ("user", "action", "headers"),
    [
        (user, action, headers)
        for user in (AMI_READ_USER, AMI_CTL_USER)
        for action, headers in [
            ("Command", {"Command": "core show version"}),
            ("GetConfig", {"Filename": "manager.conf"}),
            ("Reload", {}),
            ("MixMonitor", {"Channel": "x", "File": "x"}),
            ("DBPut", {"Family": "a", "Key": "b", "Val": "c"}),
            ("AGI", {"Channel": "x", "Command": "x"}),
            ("UserEvent", {"UserEvent": "CTIArrived"}),
        ]
    ],
)
async def test_no_account_may_do_what_runs_programs_or_forges_events(
    real_asterisk: RealAsterisk, user: str, action: str, headers: dict[str, str]
) -> None:
    async with ami_line(real_asterisk, user) as line:
        answer = await line.action(action, **headers)
    assert (answer["Response"], answer["Message"]) == ("Error", "Permission denied")


def test_the_run_file_names_the_pid_and_the_ports() -> None:
    with asterisk() as switch:
        said = json.loads((switch.settings.run_dir / "switch.json").read_text())
        assert said["ports"]["ami"] == switch.settings.ami_port
        assert Path(f"/proc/{said['pid']}/exe").readlink().name == "asterisk"
    assert not (switch.settings.run_dir / "switch.json").exists()


def test_two_instances_run_side_by_side() -> None:
    with asterisk(switch_id="sw1") as one, asterisk(switch_id="sw2") as two:
        assert "sw1" in one.cli("core show settings")
        assert "sw2" in two.cli("core show settings")


def test_a_stop_leaves_no_process() -> None:
    with asterisk() as switch:
        pid = switch.pid
        switch.stop()
        assert switch.process.returncode == 0
        assert not exists(pid)


def test_a_killed_launcher_takes_asterisk_with_it() -> None:
    with asterisk() as switch:
        pid = switch.pid
        switch.process.kill()
        assert until(lambda: not exists(pid))


def test_the_end_of_asterisk_is_the_end_of_its_launcher() -> None:
    with asterisk() as switch:
        os.kill(switch.pid, signal.SIGKILL)
        assert switch.process.wait(5) == 1


def test_the_machines_own_name_resolves_inside(real_asterisk: RealAsterisk) -> None:
    hosts = Path(f"/proc/{real_asterisk.pid}/root/etc/hosts").read_text()
    assert f"127.0.0.1 {socket.gethostname()}" in hosts
