"""`carillon agent`: a software agent on the same api and relay as a browser. Prints one line, READY."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from carillon.cli.instance import api_client, log_to_stderr, run_until_told
from carillon.client import ApiRefused
from carillon.settings import Settings
from carillon.softphone.sound import UnreadableSound, read_wav
from carillon.softphone.ws_agent import AgentHabits, SoftAgent


class NoPassword(Exception):
    """The account's password is not known here."""


def agent(
    login: Annotated[
        str, typer.Option("--login", help="Whom to log in; the password is the demo account's or CARILLON_PASSWORD.")
    ],
    plain: Annotated[bool, typer.Option("--plain", help="Plain RTP on a loopback-only end point, for load.")] = False,
    answer_after: Annotated[float, typer.Option(min=0, help="Seconds of ringing.")] = 1.0,
    talk: Annotated[float | None, typer.Option(min=0, help="Hang up after so many seconds; else the caller does.")] = None,
    wrap_up: Annotated[float, typer.Option(min=0, max=4.5, help="Seconds of wrap-up.")] = 2.0,
    audio: Annotated[Path | None, typer.Option(help="16 bit WAV to say; else a tone by the agent's number.")] = None,
) -> None:
    """Work as an agent until told to stop."""
    settings = Settings()
    log_to_stderr(settings.log_level)
    habits = AgentHabits(plain=plain, answer_after=answer_after, talk=talk, wrap_up_after=wrap_up, sound=audio)
    try:
        if audio is not None:
            read_wav(audio)
        code = run_until_told(_work(settings, login, password_of(settings, login), habits), told=0)
    except (NoPassword, UnreadableSound, OSError) as reason:
        sys.stderr.write(f"{reason}\n")
        code = 1
    raise typer.Exit(code)


async def _work(settings: Settings, login: str, password: str, habits: AgentHabits) -> int:
    async with api_client(settings) as api:
        try:
            await SoftAgent(api, login, password, habits=habits, ready=_say_ready).run()
        except* ApiRefused as refused:
            sys.stderr.write(f"The api refuses {login}: {refused.exceptions[0]}\n")
    return 1


def _say_ready() -> None:
    sys.stdout.write("READY\n")
    sys.stdout.flush()


def password_of(settings: Settings, login: str) -> str:
    """CARILLON_PASSWORD, else the demo account's. Raise NoPassword."""
    if given := os.environ.get("CARILLON_PASSWORD"):
        return given
    for account in demo_accounts(settings):
        if account["login"] == login:
            return account["password"]
    raise NoPassword(f"No password for {login}: it is no demo account, so set CARILLON_PASSWORD.")


def demo_accounts(settings: Settings) -> list[dict[str, str]]:
    """[] when this instance has none."""
    try:
        accounts: list[dict[str, str]] = json.loads(settings.demo_accounts_file.read_text())
    except FileNotFoundError:
        return []
    return accounts
