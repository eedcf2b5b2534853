"""The `carillon` command. A subcommand's module is imported when it runs, so that `carillon --help` answers at once.

`carillon/cli/<name>.py` holds a typer-annotated function of the command's name (`run` for switch, core and api).
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable
from typing import Any

COMMANDS = {
    "up": "Start switch, core and api and keep them running (bin/up does it after setting up).",
    "doctor": "Say whether this instance can take a call now, and if not how to mend it.",
    "call": "Place a real SIP call on the trunk's side.",
    "agent": "Be a software agent: log in, answer, talk, wrap up.",
    "demo": "Keep callers and software agents coming.",
    "calls": "List the last calls.",
    "migrate": "Bring the business database to this version.",
    "seed": "Create the demo data.",
    "switch": "Run this instance's Asterisk alone.",
    "core": "Run the core alone: AMI, AGI, routing, journal.",
    "api": "Run the console's server alone.",
}
PARTS = ("switch", "core", "api")


def app(arguments: list[str] | None = None) -> None:
    """Run one command; its exit code is ours. 2 (`call`: 1): wrong use or wrong settings."""
    name, *rest = (sys.argv[1:] if arguments is None else arguments) or ["--help"]
    if name in ("--help", "-h", "help"):
        sys.stdout.write(_help())
        return
    if name == "--version":
        sys.stdout.write(f"carillon {_version()}\n")
        return
    if name not in COMMANDS:
        _refuse(f"There is no command `{name}`; `carillon --help` lists them.")
    _run(name, _function(name), rest)


def _help() -> str:
    width = max(map(len, COMMANDS)) + 2
    lines = "".join(f"  {name:{width}}{what}\n" for name, what in COMMANDS.items())
    return (
        "Usage: carillon COMMAND [options]\n\nCARILLON_STATE names the instance (default ./var).\n\n"
        f"{lines}\n`carillon COMMAND --help` says more.\n"
    )


def _version() -> str:
    from importlib.metadata import PackageNotFoundError, version  # noqa: PLC0415 - costs 20 ms

    try:
        return version("carillon")
    except PackageNotFoundError:
        return "(not installed)"


def _function(name: str) -> Callable[..., Any]:
    try:
        module = importlib.import_module(f"carillon.cli.{name}")
    except ModuleNotFoundError as error:
        if error.name != f"carillon.cli.{name}":
            raise
        _refuse(f"`carillon {name}` is not part of this installation.")
    found: Callable[..., Any] = getattr(module, "run" if name in PARTS else name)
    return found


def _run(name: str, function: Callable[..., Any], arguments: list[str]) -> None:
    import typer  # noqa: PLC0415 - see the module's first line
    from pydantic import ValidationError  # noqa: PLC0415

    usage: type[Exception] = typer.BadParameter.__mro__[1]  # UsageError, of click or of the click that typer carries
    command = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
    command.command(name, help=COMMANDS[name])(function)
    try:
        code = command(args=arguments, prog_name=f"carillon {name}", standalone_mode=False)
    except usage as error:
        sys.stderr.write(f"{error}\n`carillon {name} --help` says more.\n")
        raise SystemExit(_wrong_use(name)) from error
    except ValidationError as error:
        if error.title != "Settings":
            raise
        _refuse(*(_sentence(each["loc"], each["msg"]) for each in error.errors()), code=_wrong_use(name))
    raise SystemExit(code or 0)


def _wrong_use(name: str) -> int:
    """`call` says with 2 that nobody answered."""
    return 1 if name == "call" else 2


def _sentence(where: tuple[int | str, ...], message: str) -> str:
    name = f"CARILLON_{str(where[0]).upper()}: " if where else ""
    return f"{name}{message.removeprefix('Value error, ')}."


def _refuse(*sentences: str, code: int = 2) -> Any:
    sys.stderr.write("".join(f"{each}\n" for each in sentences))
    raise SystemExit(code)


if __name__ == "__main__":
    app()
