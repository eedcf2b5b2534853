"""`carillon doctor`: exit 0 if and only if this instance can take a call now."""

from __future__ import annotations

import asyncio
import os
import sys
from typing import Annotated

import orjson
import typer

from carillon.cli.instance import log_to_stderr
from carillon.doctor.examination import Examination, examine
from carillon.doctor.finding import Level
from carillon.doctor.words import language_of, sentence, title
from carillon.settings import Settings

MARKS = {Level.OK: "✓", Level.WARNING: "!", Level.ERROR: "✗"}
VERDICT = {
    ("zh", True): "可以接听来电。",
    ("zh", False): "现在不能接听来电：请先处理上面标 ✗ 的问题。",
    ("en", True): "This instance can take a call now.",
    ("en", False): "This instance cannot take a call now: mend what is marked ✗ above.",
}


def doctor(as_json: Annotated[bool, typer.Option("--json", help="The same as JSON.")] = False) -> None:
    """Examine this instance."""
    settings = Settings()
    log_to_stderr("error")
    found = asyncio.run(examine(settings))
    language = language_of(os.environ)
    sys.stdout.write(_json(found, language) if as_json else _text(found, language))
    raise typer.Exit(0 if found.ok else 1)


def _text(found: Examination, language: str) -> str:
    lines = [f"{MARKS[one.level]} {title(one.check, language)}: {sentence(one, language)}\n" for one in found.findings]
    return "".join(lines) + f"\n{VERDICT[language, found.ok]}\n"


def _json(found: Examination, language: str) -> str:
    checks = [
        {
            "check": one.check,
            "ok": one.ok,
            "level": one.level.value,
            "code": one.code,
            "params": dict(one.params),
            "message": sentence(one, language),
        }
        for one in found.findings
    ]
    answer = {"ok": found.ok, "checks": checks, "addresses": found.addresses, "pids": found.pids}
    return orjson.dumps(answer, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE).decode()
