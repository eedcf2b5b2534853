"""Every rendered file is read by pyst2's reader, as `carillon doctor` reads it, and says what the settings say."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pydantic import ValidationError

from carillon.settings import Settings
from carillon.switch.install import Installation
from carillon.switch.render import AMI_EVENTS, TEMPLATES, fill, render
from carillon.switch.rendered import Sections, UnreadableConfiguration
from carillon.switch.secrets import Secrets, load_or_create

SECRETS = Secrets(ami_read="r" * 48, ami_ctl="c" * 48, ari="a" * 48, agi="k" * 48, session="s" * 48)


@pytest.fixture
def installation(tmp_path: Path) -> Installation:
    root = tmp_path / "root"
    modules = root / "usr/lib/x86_64-linux-gnu/asterisk/modules"
    modules.mkdir(parents=True)
    (modules / "res_pjsip.so").touch()
    (root / "usr/share/asterisk/documentation").mkdir(parents=True)
    return Installation("/usr/sbin/asterisk", "Asterisk 22.10.1", root)


def rendered(tmp_path: Path, installation: Installation, **changes: object) -> Path:
    given: dict[str, object] = {"state": tmp_path / "state", "port_base": 18200, "rtp_range": "21500-21699"}
    return render(Settings(**(given | changes)), SECRETS, installation)


def test_pyst2_reads_every_rendered_file(tmp_path: Path, installation: Installation) -> None:
    folder = rendered(tmp_path, installation)
    read = {file.name: Sections(file).names for file in folder.glob("*.conf")}
    assert set(read["extensions.conf"]) >= {"inbound", "cti-hold", "from-agent"}
    assert read["pjsip.conf"].count("trunk") == 3


def test_of_a_file_broken_by_hand_the_line_is_named(tmp_path: Path) -> None:
    (tmp_path / "x.conf").write_text("[general]\nno value\n")
    with pytest.raises(UnreadableConfiguration, match=r"^2 Item must be"):
        Sections(tmp_path / "x.conf")


def test_ports_and_addresses_are_those_of_the_settings(tmp_path: Path, installation: Installation) -> None:
    folder = rendered(tmp_path, installation)
    assert Sections(folder / "manager.conf").values("general")["port"] == ["18201"]
    assert Sections(folder / "http.conf").values("general")["bindport"] == ["18203"]
    assert Sections(folder / "pjsip.conf").values("udp")["bind"] == ["127.0.0.1:18204"]
    assert Sections(folder / "rtp.conf").values("general")["rtpstart"] == ["21500"]
    assert Sections(folder / "rtp.conf").values("general")["rtpend"] == ["21699"]


@pytest.mark.parametrize(("file", "key"), [("manager.conf", "bindaddr"), ("http.conf", "bindaddr")])
def test_only_loopback_reaches_the_manager_and_the_http_server(
    tmp_path: Path, installation: Installation, file: str, key: str
) -> None:
    assert Sections(rendered(tmp_path, installation) / file).values("general")[key] == ["127.0.0.1"]


def test_the_trunk_is_known_by_its_address_alone(tmp_path: Path, installation: Installation) -> None:
    trunk = Sections(rendered(tmp_path, installation) / "pjsip.conf").values("trunk")
    assert trunk["identify_by"] == ["ip"]
    assert trunk["match"] == ["127.0.0.2"]
    assert trunk["contact"] == ["sip:127.0.0.2:18206"]


def test_a_trunk_that_contains_the_relays_address_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValidationError, match=r"must not contain 127\.0\.0\.1"):
        Settings(state=tmp_path, trunk_match="127.0.0.0/8")


def test_no_account_of_the_manager_may_write_what_runs_programs(tmp_path: Path, installation: Installation) -> None:
    file = rendered(tmp_path, installation) / "manager.conf"
    assert Sections(file).values("cti_read")["write"] == ["reporting"]
    assert Sections(file).values("cti_ctl")["write"] == ["call,originate,agent"]
    assert Sections(file).values("cti_ctl")["read"] == ["none"]


def test_the_listening_account_hears_each_event_of_the_port_by_name(tmp_path: Path, installation: Installation) -> None:
    text = (rendered(tmp_path, installation) / "manager.conf").read_text()
    assert re.findall(r"eventfilter\(action\(include\),name\((\w+)\)\) =", text) == list(AMI_EVENTS)


def test_fallback_numbers_become_members_behind_the_agents(tmp_path: Path, installation: Installation) -> None:
    folder = rendered(tmp_path, installation, fallback_numbers="+86 138-0000, 4009")
    assert Sections(folder / "queues.conf").values("fallback")["member"] == [
        "Local/+861380000@cti-fallback-number/n,1,+861380000",
        "Local/4009@cti-fallback-number/n,1,4009",
    ]


def test_only_owner_and_switch_may_read_what_holds_a_secret(tmp_path: Path, installation: Installation) -> None:
    for file in rendered(tmp_path, installation).iterdir():
        assert file.stat().st_mode & 0o007 == 0, file.name


def test_a_file_of_an_older_version_is_removed(tmp_path: Path, installation: Installation) -> None:
    old = rendered(tmp_path, installation) / "chan_sip.conf"
    old.write_text("[general]\n")
    rendered(tmp_path, installation)
    assert not old.exists()


def test_a_place_without_a_value_is_a_loud_mistake() -> None:
    with pytest.raises(KeyError, match="unknown"):
        fill("x = {{unknown}}", {})


def test_no_template_runs_a_program_or_matches_everything() -> None:
    dialplan = (TEMPLATES / "extensions.conf").read_text()
    for word in (r"\bSystem\(", r"\bTrySystem\(", "SHELL", "ExternalIVR", r"=> _\.,", "EVAL", "#include", "#exec"):
        code = "\n".join(line for line in dialplan.splitlines() if not line.startswith(";"))
        assert not re.search(word, code), word


def test_every_use_of_a_dialled_string_is_filtered() -> None:
    code = [line for line in (TEMPLATES / "extensions.conf").read_text().splitlines() if not line.startswith(";")]
    for line in (each for each in code if "${EXTEN" in each):
        assert re.search(r"\$\{FILTER\([^,]+,\$\{EXTEN\}\)\}", line), line


def test_secrets_are_made_once_and_kept(tmp_path: Path) -> None:
    first = load_or_create(tmp_path / "secrets.json")
    assert load_or_create(tmp_path / "secrets.json") == first
    assert (tmp_path / "secrets.json").stat().st_mode & 0o777 == 0o600
    assert first.ami_read not in repr(first)
