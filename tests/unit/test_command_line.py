"""How the `carillon` command ends when it is used wrongly."""

from __future__ import annotations

import pytest

from carillon.cli.main import app


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["call", "--nonsense"], 1),  # 2 would say that nobody answered
        (["call", "--from"], 1),
        (["doctor", "--nonsense"], 2),
        (["nonsense"], 2),
        (["calls", "--help"], 0),
    ],
)
def test_wrong_use_ends_with_its_own_exit_code(words, code):
    with pytest.raises(SystemExit) as ended:
        app(words)
    assert ended.value.code == code


def test_wrong_settings_of_a_call_are_no_unanswered_call(monkeypatch, capsys):
    monkeypatch.setenv("CARILLON_PORT_BASE", "none")
    with pytest.raises(SystemExit) as ended:
        app(["call", "--from", "1", "--to", "2"])
    assert ended.value.code == 1
    assert "CARILLON_PORT_BASE" in capsys.readouterr().err
