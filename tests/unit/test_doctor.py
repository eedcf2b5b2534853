"""`carillon doctor`: the rendered configuration against Settings (read by pyst2), sentences in both languages, verdicts."""

from __future__ import annotations

import re
import string
import subprocess
import sys
from pathlib import Path

import orjson
import pytest

from carillon.doctor import configuration, surroundings, words
from carillon.doctor.examination import examine
from carillon.doctor.finding import Level, error, fine, warning
from carillon.settings import Settings
from carillon.switch.install import Installation
from carillon.switch.render import render
from carillon.switch.secrets import load_or_create
from recordings.room import Room


class HereInstallation(Installation):
    """Rendering needs to know two folders, not a whole Asterisk."""

    modules = "/usr/lib/asterisk/modules"
    data = "/usr/share/asterisk"


@pytest.fixture
def settings(tmp_path):
    chosen = Settings(state=tmp_path / "state", port_base=18830)
    render(chosen, load_or_create(chosen.secrets_file), HereInstallation("asterisk", "22", None))
    return chosen


def codes(findings):
    return [(one.code, one.params.get("key", one.params.get("section", ""))) for one in findings if one.level is not Level.OK]


def change(settings, file, before, after):
    path = settings.switch_dir / "etc" / file
    text = path.read_text()
    assert before in text
    path.write_text(text.replace(before, after))


def test_what_was_just_rendered_agrees_with_settings(settings):
    assert configuration.check_configuration(settings) == [fine("configuration")]


def test_a_setting_that_was_changed_since_is_named(settings):
    moved = settings.model_copy(update={"port_base": 18840})
    found = configuration.check_configuration(moved)
    assert ("config_differs", "bindport") in codes(found)
    assert any(one.params["wanted"] == "127.0.0.1:18844" for one in found)


def test_an_account_with_more_rights_is_named(settings):
    change(settings, "manager.conf", "write = call,originate,agent", "write = call,originate,agent,system")
    assert codes(configuration.check_configuration(settings)) == [("config_differs", "write")]


def test_another_secret_is_named_and_not_shown(settings):
    secret = load_or_create(settings.secrets_file).ami_ctl
    change(settings, "manager.conf", secret, "guess")
    (found,) = configuration.check_configuration(settings)
    assert secret not in words.sentence(found, "en")


def test_a_context_that_is_missing_is_named(settings):
    change(settings, "extensions.conf", "[cti-hold]", "[cti-gold]")
    assert codes(configuration.check_configuration(settings)) == [("config_lacks", "cti-hold")]


def test_a_file_that_is_gone_or_broken_is_named(settings):
    (settings.switch_dir / "etc" / "http.conf").unlink()
    change(settings, "rtp.conf", "[general]", "[general")
    assert [code for code, _key in codes(configuration.check_configuration(settings))] == ["config_missing", "config_broken"]


def test_an_instance_that_never_ran_is_told_so(tmp_path):
    assert codes(configuration.check_configuration(Settings(state=tmp_path))) == [("config_missing", "")]


async def test_a_dead_instance_cannot_take_a_call_and_says_why(settings):
    found = await examine(settings)
    assert not found.ok
    assert {"supervisor", "switch", "core", "api", "manager", "trunk", "ivr", "health"} <= {
        one.check for one in found.findings if not one.ok
    }
    assert found.addresses == {
        "console": "http://127.0.0.1:18830",
        "sip_trunk": "127.0.0.1:18834",
        "sip_trunk_from": "127.0.0.2",
    }
    assert set(found.pids.values()) == {None}


def test_warnings_change_nothing(settings):
    found = surroundings.check_reach(settings)
    assert {one.level for one in found} == {Level.WARNING}
    assert all(one.ok for one in found)


@pytest.mark.parametrize(("file", "code"), [("macroform.wav", "fine"), ("macroform.gsm", "music_not_linear")])
def test_an_asterisk_with_compressed_music_only_is_told(settings, monkeypatch, tmp_path, file, code):
    (tmp_path / "root/usr/share/asterisk/documentation").mkdir(parents=True)
    music = tmp_path / "root/usr/share/asterisk/moh" / file
    music.parent.mkdir()
    music.touch()
    found = Installation("/usr/sbin/asterisk", "Asterisk 22.1", tmp_path / "root")
    monkeypatch.setattr(surroundings, "find", lambda: found)
    assert [one.code for one in surroundings.check_music(settings)] == [code]
    assert all(finding.ok for finding in surroundings.check_music(settings))


def test_a_full_disk_is_an_error(settings, monkeypatch):
    monkeypatch.setattr(surroundings, "room_at", lambda _folder: Room(50_000_000, 10**12))
    assert surroundings.check_disk(settings)[0].code == "disk_full"


@pytest.mark.parametrize("code", list(words.SENTENCES))
def test_each_sentence_has_the_same_places_in_both_languages(code):
    chinese, english = (
        {name for _text, name, *_rest in string.Formatter().parse(text) if name} for text in words.SENTENCES[code]
    )
    assert chinese == english


def test_each_code_in_the_checks_has_its_sentence():
    folder = Path(configuration.__file__).parent
    used = {
        code
        for file in folder.glob("*.py")
        for code in re.findall(r'(?:error|warning)\(\s*(?:"\w+"|\w+),\s*"(\w+)"', file.read_text())
    }
    assert used - set(words.SENTENCES) == set()
    assert len(used) > 20


def test_the_locale_chooses_the_language():
    assert words.language_of({"LANG": "zh_CN.UTF-8"}) == "zh"
    assert words.language_of({"LANG": "C.UTF-8"}) == "en"
    assert words.language_of({"LC_ALL": "en_US", "LANG": "zh_CN"}) == "en"


def test_the_command_prints_json_alone_and_exits_1(settings):
    done = subprocess.run(
        [sys.executable, "-m", "carillon.cli.main", "doctor", "--json"],
        env={"CARILLON_STATE": str(settings.state), "CARILLON_PORT_BASE": "18830", "LANG": "zh_CN.UTF-8", "PATH": "/usr/bin"},
        cwd=Path(__file__).parents[2],
        capture_output=True,
        check=False,
        timeout=90,
    )
    answer = orjson.loads(done.stdout)
    assert (done.returncode, answer["ok"]) == (1, False)
    assert "bin/up" in answer["checks"][0]["message"]


def test_an_error_says_no_and_a_warning_does_not():
    assert not error("disk", "disk_full").ok
    assert warning("tls", "no_tls").ok


def test_in_containers_process_numbers_are_not_looked_for(tmp_path):
    assert surroundings.check_parts(Settings(state=tmp_path, switch_addresses="172.31.88.10")) == []
    assert len(surroundings.check_parts(Settings(state=tmp_path))) == 4
