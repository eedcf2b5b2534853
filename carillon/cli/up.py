"""`carillon up`: make the instance whole (database, demo data), then be its supervisor. `bin/up` execs it after setting up."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Annotated

import typer

from carillon.preflight import CannotStart, check_ports, lock
from carillon.settings import Settings
from carillon.supervised import Part
from carillon.supervisor import Supervisor
from carillon.switch import prompts
from carillon.switch.install import InstallFailed, ensure

COMMAND = (sys.executable, "-m", "carillon.cli.main")
PARTS = (
    Part("switch", (*COMMAND, "switch"), stop_seconds=8.0),
    Part("core", (*COMMAND, "core"), after="switch", watched=True),
    # beside the core, which it waits for by itself: both load for seconds
    Part("api", (*COMMAND, "api"), after="switch"),
)
NO_DEMO = "no-demo"  # a file in the state directory: this instance was made empty


def up(
    empty: Annotated[
        bool, typer.Option("--empty", help="No demo data; print a one-time link for the first administrator.")
    ] = False,
    only: Annotated[str, typer.Option(help="Keep one part running and nothing else: what a container of its own does.")] = "",
) -> None:
    """Start everything and keep it running until told to stop."""
    settings = Settings()
    try:
        code = _keep_one(settings, only) if only else _keep_all(settings, empty=empty)
    except (CannotStart, InstallFailed) as refusal:
        sys.stderr.write(f"{refusal}\n")
        raise typer.Exit(2) from None
    raise typer.Exit(code)


def _keep_all(settings: Settings, *, empty: bool) -> int:
    lock(settings.run_dir)
    check_ports(settings)
    settings.remember()
    ensure()
    prompts.ensure()
    told = _prepare_data(settings, empty=empty)
    return _supervise(settings, PARTS, "supervisor", lambda: _welcome(settings, told))


def _keep_one(settings: Settings, name: str) -> int:
    """The same watch over one part: a core that hangs is killed here as well."""
    part = next((each for each in PARTS if each.name == name), None)
    if part is None:
        raise CannotStart(f"There is no part `{name}`: give switch, core or api.")
    keeper = f"supervisor-{name}"
    lock(settings.run_dir, keeper)
    return _supervise(settings, [replace(part, after="")], keeper, lambda: None)


def _supervise(settings: Settings, parts: Sequence[Part], name: str, on_ready: Callable[[], None]) -> int:
    return Supervisor(parts, settings.state, on_ready=on_ready, ports={"console": settings.console_port}, name=name).run()


def _prepare_data(settings: Settings, *, empty: bool) -> str:
    """Migrate always; data once. What there is to tell: where the accounts are, or the first administrator's link.

    Each is a command of ours in a process of its own: the supervisor keeps small."""
    marker = settings.state / NO_DEMO
    if empty and not settings.demo_accounts_file.exists():
        marker.touch()
    if marker.exists():
        return _step("seed", "--empty")
    if settings.demo_accounts_file.exists():
        _step("migrate")
        return f"Accounts: {settings.demo_accounts_file}"
    return _step("seed")


def _step(*arguments: str) -> str:
    done = subprocess.run((*COMMAND, *arguments), stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        raise CannotStart(f"`carillon {' '.join(arguments)}` did not succeed; its own words are above.")
    return done.stdout.strip()


def _console(settings: Settings) -> str:
    host = "localhost" if settings.listen in ("127.0.0.1", "0.0.0.0", "::") else settings.listen  # noqa: S104
    return f"{'https' if settings.tls_cert else 'http'}://{host}:{settings.console_port}"


def _welcome(settings: Settings, told: str) -> None:
    sys.stdout.write(
        f"\nCarillon is ready: {_console(settings)}\n{told}\n"
        "A caller: .venv/bin/carillon call --from +8613800138000 --to 4001     Stop: Ctrl-C\n\n"
    )
    sys.stdout.flush()
