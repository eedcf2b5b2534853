"""`carillon call`: a real SIP call with real audio on the trunk's side. Exit 0 answered and ended by its own script,
3 cut short by the other side, 2 never answered, 1 error."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import orjson
import typer

from carillon.cli.instance import LocalApi, log_to_stderr, run_until_told, trunk_address, trunk_from
from carillon.client import ApiError
from carillon.settings import Settings
from carillon.softphone.call import CallState
from carillon.softphone.caller import Caller
from carillon.softphone.script import DEFAULT, ScriptError, Step, parse_script
from carillon.softphone.scripted import Ending, ScriptedCaller
from carillon.softphone.sip import SipError, one_line
from carillon.softphone.sound import Loop, UnreadableSound, murmur, read_wav
from carillon.softphone.verdict import Judge

EXIT = {Ending.BY_SCRIPT: 0, Ending.CUT_SHORT: 3, Ending.NEVER_ANSWERED: 2}
SWITCH_SECONDS = 10.0
FINAL_SECONDS = 120.0


class CallFailed(Exception):
    """No call came of it; one sentence says why."""


@dataclass(frozen=True, slots=True)
class Order:
    """What the command line asked for."""

    number: str
    to: str
    name: str
    pcm: bytes
    steps: tuple[Step, ...]
    wait_for_record: bool
    longest_wait: float


def call(
    number: Annotated[str, typer.Option("--from", help="The caller's number; `anonymous` withholds it.")] = "+8613800138000",
    to: Annotated[str, typer.Option("--to", help="The number dialled (DNIS).")] = "4001",
    name: Annotated[str, typer.Option("--name", help="The caller's display name.")] = "",
    audio: Annotated[Path | None, typer.Option("--audio", help="16 bit WAV that the caller says, over and over.")] = None,
    script: Annotated[str, typer.Option("--script", help="answer, wait SECONDS, dtmf DIGITS, hangup; by commas.")] = DEFAULT,
    wait: Annotated[bool, typer.Option("--wait", help="Return when record and recording are final; print the record.")] = False,
    longest: Annotated[float, typer.Option("--max", min=0, help="Seconds to wait for an answer.")] = 120.0,
) -> None:
    """Place one call."""
    settings = Settings()
    log_to_stderr(settings.log_level)
    try:
        order = _order(number, to, name, audio, script, wait=wait, longest=longest)
        code = run_until_told(_call(settings, order))
    except (CallFailed, ScriptError, UnreadableSound, SipError, ApiError, OSError) as reason:
        sys.stderr.write(f"{reason}\n")
        code = 1
    raise typer.Exit(code)


def _order(number: str, to: str, name: str, audio: Path | None, script: str, **more: Any) -> Order:
    for value in (number, to, name):
        one_line(value)
    if not to:
        raise CallFailed("Give the number to dial: --to 4001.")
    pcm = read_wav(audio) if audio is not None else murmur()
    caller = "" if number == "anonymous" else number
    return Order(caller, to, name, pcm, parse_script(script), more["wait"], more["longest"])


async def _call(settings: Settings, order: Order) -> int:
    local = trunk_from(settings)
    if local is None:
        raise CallFailed(
            "The trunk is known by addresses of other machines only (CARILLON_TRUNK_MATCH): nobody can call from here."
        )
    server = trunk_address(settings)
    async with LocalApi(settings) as api, Caller(server, number=order.number, name=order.name, local=local) as caller:
        caller.say(Loop(order.pcm))
        judge = Judge(api, caller.sip_call_id)
        caller.dial(order.to)
        await _taken(caller, f"{server[0]}:{server[1]}")
        ending = await ScriptedCaller(caller, judge, order.longest_wait).play(order.steps)
        caller.hangup()
        return await _report(judge, caller, ending, order)


async def _taken(caller: Caller, server: str) -> None:
    """The switch answers every call at once, by its IVR."""
    try:
        await caller.call.wait(CallState.UP, CallState.ENDED, timeout=SWITCH_SECONDS)
    except TimeoutError:
        raise CallFailed(f"The switch at {server} does not answer; `carillon doctor` says more.") from None
    if caller.call.code == 408:
        raise CallFailed(f"Nobody answers at {server}; `carillon doctor` says more.")


async def _report(judge: Judge, caller: Caller, ending: Ending, order: Order) -> int:
    verdict = judge.verdict
    refused = caller.call.state is CallState.ENDED and caller.call.code >= 300 and not verdict.known
    if order.wait_for_record and not refused and not await judge.until("final", FINAL_SECONDS):
        raise CallFailed(f"The call is over, but its record was not final within {FINAL_SECONDS:.0f} s.")
    if ending is Ending.UNKNOWN:
        raise CallFailed("Nobody could say whether an agent answered: core or api stayed away.")
    if order.wait_for_record and not refused:
        answer: Any = judge.verdict.record
    else:
        answer = {"sip_call_id": caller.sip_call_id, "answered": verdict.answered, "ending": ending.value}
    sys.stdout.write(orjson.dumps(answer, option=orjson.OPT_APPEND_NEWLINE).decode())
    return EXIT[ending]
