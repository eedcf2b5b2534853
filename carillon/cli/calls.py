"""`carillon calls`: the last calls, newest first; `--json` gives whole records with facts and the recording's file."""

from __future__ import annotations

import sys
from typing import Annotated, Any

import orjson
import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from carillon.cli.instance import LocalApi, log_to_stderr, run_until_told
from carillon.client import ApiError, Json
from carillon.settings import Settings

KEYS = (
    *("id", "direction", "from", "from_name", "to", "queue", "agent", "wait_s", "talk_s", "ended_by"),
    *("owner", "ticket", "recording", "facts"),
)
WIDTH = 200  # into a file or a pipe
COLUMNS = ("started_at", "direction", "from", "from_name", "to", "queue", "agent", "wait_s", "talk_s", "ended_by", "recording")


def calls(
    last: Annotated[int, typer.Option("--last", min=1, max=1000, help="How many.")] = 20,
    as_json: Annotated[bool, typer.Option("--json", help="Whole records as JSON.")] = False,
) -> None:
    """List the last calls."""
    settings = Settings()
    log_to_stderr(settings.log_level)
    try:
        code = run_until_told(_calls(settings, last, as_json=as_json))
    except ApiError as reason:
        sys.stderr.write(f"{reason}\n")
        code = 1
    raise typer.Exit(code)


async def _calls(settings: Settings, last: int, *, as_json: bool) -> int:
    async with LocalApi(settings) as api:
        records = (await api.get("/cli/calls", last=last))["items"]
    if as_json:
        whole = [dict.fromkeys(KEYS) | record for record in records]
        sys.stdout.write(orjson.dumps(whole, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE).decode())
    else:
        Console(file=sys.stdout, width=None if sys.stdout.isatty() else WIDTH).print(_table(records))
    return 0


def _table(records: list[Json]) -> Table:
    table = Table(*COLUMNS)
    for record in records:
        table.add_row(*(_cell(column, record.get(column)) for column in COLUMNS))
    return table


def _cell(column: str, value: Any) -> Text:
    """A caller's name is shown literally: no markup, control characters visible."""
    said = _said(column, value)
    return Text("".join(one if one.isprintable() else f"\\x{ord(one):02x}" for one in said))


def _said(column: str, value: Any) -> str:
    if column == "recording":
        return str(value.get("file", value.get("status", ""))) if value else ""
    if column == "started_at":
        return str(value or "").replace("T", " ")[:19]
    return "" if value is None else str(value)
