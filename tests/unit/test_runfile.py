"""A part is alive as long as its process is, also in the moments of its end."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from carillon import runfile


def test_a_running_process_is_alive_and_none_is_not() -> None:
    assert runfile.RunFile("core", os.getpid()).alive
    assert not runfile.RunFile("core", 0).alive


@pytest.mark.parametrize("error", [FileNotFoundError, ProcessLookupError])
def test_a_process_that_is_reaped_while_we_look_is_not_alive(monkeypatch: pytest.MonkeyPatch, error: type[OSError]) -> None:
    """Before the open of /proc/PID/stat the one error, between open and read the other."""

    def reaped(*_: object) -> str:
        raise error

    monkeypatch.setattr(Path, "read_text", reaped)
    assert not runfile.RunFile("core", os.getpid()).alive


def test_a_zombie_is_not_alive(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Path, "read_text", lambda *_: "7 (a name) with ) Z 1 1")
    assert not runfile.RunFile("core", os.getpid()).alive
