"""What the switch is made of before it runs: where Debian's packages come from, addresses, prompts."""

from __future__ import annotations

import array
from pathlib import Path

import pytest

from carillon.switch import addresses, folders, prompts
from carillon.switch.install import InstallFailed, major, mirror


def machine(tmp_path: Path, name: str, text: str) -> Path:
    (tmp_path / "apt/sources.list.d").mkdir(parents=True)
    (tmp_path / "os-release").write_text('ID=debian\nVERSION_CODENAME="bookworm"\n')
    (tmp_path / "apt" / name).write_text(text)
    return tmp_path


DEB822 = """Types: deb
# the site's mirror
URIs: http://mirror.test/repository/debian-12
Suites: bookworm bookworm-updates
Components: main

Types: deb
URIs: http://mirror.test/debian-security
Suites: bookworm-security
Components: main
"""
ONE_LINE = """# deb http://old.test/debian bookworm main
deb [arch=amd64 signed-by=/x.gpg] http://vendor.test/linux/debian bookworm stable
deb [trusted=yes] http://mirror.test/debian/ bookworm main contrib
"""


def test_the_mirror_is_read_from_deb822_sources(tmp_path: Path) -> None:
    assert mirror(machine(tmp_path, "sources.list.d/debian.sources", DEB822)) == "http://mirror.test/repository/debian-12"


def test_the_mirror_is_read_from_one_line_sources_and_no_vendors_entry_is_taken(tmp_path: Path) -> None:
    assert mirror(machine(tmp_path, "sources.list", ONE_LINE)) == "http://mirror.test/debian/"


def test_a_machine_without_a_debian_mirror_is_told_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(InstallFailed, match="put an Asterisk 22 on PATH"):
        mirror(machine(tmp_path, "sources.list", "deb http://vendor.test/apt cloud main\n"))


@pytest.mark.parametrize(
    ("said", "number"),
    [("Asterisk 22.10.1+dfsg~1", 22), ("Asterisk 20.6.0~dfsg", 20), ("Asterisk certified-22.8-cert1", 22), ("", 0)],
)
def test_the_major_version_is_read_from_what_asterisk_says(said: str, number: int) -> None:
    assert major(said) == number


def test_local_addresses_are_those_of_interfaces_without_loopback_and_link_local(tmp_path: Path) -> None:
    trie = tmp_path / "fib_trie"
    trie.write_text(
        "Local:\n  |-- 10.1.2.3\n     /32 host LOCAL\n  |-- 10.1.2.255\n     /32 link BROADCAST\n"
        "  |-- 127.0.0.1\n     /32 host LOCAL\n  |-- 169.254.7.7\n     /32 host LOCAL\n"
    )
    assert [str(each) for each in addresses.local_ipv4(trie)] == ["10.1.2.3"]


def test_every_prompt_is_written_in_both_languages() -> None:
    said = prompts.texts()
    names = {name for _, name in said}
    assert {(language, name) for language in folders.LANGUAGES for name in names} == said.keys()
    assert all(text.strip() for text in said.values())


def test_places_one_to_twenty_are_spoken() -> None:
    said = prompts.texts()
    assert "7" in said["zh", "position-7"]
    assert ("en", "position-20") in said


def test_resampling_keeps_a_tones_length_and_level() -> None:
    square = array.array("h", ([1000] * 110 + [-1000] * 110) * 100)
    out = prompts.resample(square, 22000)
    assert len(out) == 8000
    assert max(out) == 1000


def test_silence_around_a_prompt_is_cut_to_a_tenth_of_a_second() -> None:
    spoken = array.array("h", [0] * 5000 + [3000] * 100 + [0] * 9000)
    assert len(prompts.trim(spoken)) == 800 + 100 - 1 + 800


def test_a_persons_own_recording_is_never_spoken_over(tmp_path: Path) -> None:
    for language, name in prompts.texts():
        (tmp_path / language).mkdir(exist_ok=True)
        (tmp_path / language / f"{name}.wav").write_bytes(b"mine")
    prompts.ensure(tmp_path)
    assert (tmp_path / "zh/notice.wav").read_bytes() == b"mine"
