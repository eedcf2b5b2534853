"""Which Asterisk is used: 22 on PATH, else the private one; others are named and refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from carillon.switch import install
from carillon.switch.install import InstallFailed


def on_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, version: str) -> Path:
    binary = tmp_path / "bin/asterisk"
    binary.parent.mkdir()
    binary.write_text(f"#!/bin/sh\necho '{version}'\n")
    binary.chmod(0o755)
    monkeypatch.setenv("PATH", f"{binary.parent}:/usr/bin:/bin")
    monkeypatch.setattr(install, "ROOT", tmp_path / "no-root")
    return binary


def test_asterisk_22_on_path_is_used_without_a_root_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    binary = on_path(tmp_path, monkeypatch, "Asterisk 22.4.0")
    found = install.find()
    assert found is not None
    assert (found.binary, found.root) == (str(binary), None)


def test_another_version_is_ignored_and_said_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    on_path(tmp_path, monkeypatch, "Asterisk 20.6.0~dfsg")
    assert install.find() is None
    assert "Asterisk 20.6.0~dfsg; Carillon runs on Asterisk 22 only" in capsys.readouterr().err


def test_a_machine_that_can_build_none_is_told_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(install, "ROOT", tmp_path / "no-root")
    monkeypatch.setattr("os.geteuid", lambda: 0)
    with pytest.raises(InstallFailed, match="apt-get install mmdebstrap"):
        install.ensure()


def test_a_user_without_privileges_is_told_so_before_anything_is_built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(install, "ROOT", tmp_path / "no-root")
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    with pytest.raises(InstallFailed, match="only root"):
        install.ensure()


def test_the_layout_of_a_container_is_debians() -> None:
    assert install.DEBIAN_ELSEWHERE.modules.endswith("-linux-gnu/asterisk/modules")
    assert install.DEBIAN_ELSEWHERE.data == "/usr/share/asterisk"
