"""An instance is found by its state directory alone."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from carillon.settings import Settings


def test_what_an_instance_was_started_with_is_remembered(tmp_path: Path) -> None:
    Settings(state=tmp_path, port_base=18300, switch_id="sw7").remember()
    found = Settings(state=tmp_path)
    assert (found.port_base, found.switch_id) == (18300, "sw7")


def test_the_environment_wins_over_what_is_remembered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Settings(state=tmp_path, port_base=18300).remember()
    monkeypatch.setenv("CARILLON_STATE", str(tmp_path))
    monkeypatch.setenv("CARILLON_PORT_BASE", "18400")
    assert Settings().port_base == 18400


def test_the_state_directory_named_by_the_environment_is_the_one_that_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Settings(state=tmp_path, port_base=18300).remember()
    monkeypatch.setenv("CARILLON_STATE", str(tmp_path))
    assert Settings().port_base == 18300


def test_defaults_are_not_remembered(tmp_path: Path) -> None:
    Settings(state=tmp_path).remember()
    assert (tmp_path / "settings.json").read_text() == "{}\n"
    assert (tmp_path / "settings.json").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("name", "value"),
    [("PORT_BASE", "80"), ("RTP_RANGE", "1-2"), ("SWITCH_ID", "Sw/1"), ("TLS_CERT", "/x.pem"), ("TRUNK_MATCH", "home")],
)
def test_a_wrong_value_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(f"CARILLON_{name}", value)
    with pytest.raises(ValidationError):
        Settings(state=tmp_path)
