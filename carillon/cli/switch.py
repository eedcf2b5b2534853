"""`carillon switch`: Asterisk alone, in the foreground."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from carillon.settings import Settings
from carillon.switch.install import InstallFailed
from carillon.switch.launch import render_for_another, serve


def run(
    render: Annotated[
        bool, typer.Option("--render", help="Only write the configuration, for an Asterisk 22 that a container engine starts.")
    ] = False,
) -> None:
    """Run this instance's Asterisk until it is told to stop."""
    settings = Settings()
    try:
        if render:
            sys.stdout.write(f"{render_for_another(settings)}\n")
            return
        code = serve(settings)
    except InstallFailed as error:
        sys.stderr.write(f"{error}\n")
        raise typer.Exit(2) from None
    raise typer.Exit(code)
