"""`carillon switch`: Asterisk alone, in the foreground."""

from __future__ import annotations

import sys

import typer

from carillon.settings import Settings
from carillon.switch.install import InstallFailed
from carillon.switch.launch import serve


def run() -> None:
    """Run this instance's Asterisk until it is told to stop."""
    try:
        code = serve(Settings())
    except InstallFailed as error:
        sys.stderr.write(f"{error}\n")
        raise typer.Exit(2) from None
    raise typer.Exit(code)
