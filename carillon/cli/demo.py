"""`carillon demo`: a believable trickle of callers, and software agents who answer them, until told to stop."""

from __future__ import annotations

import asyncio
import random
import sys
from typing import Annotated

import orjson
import structlog
import typer

from carillon.cli.agent import demo_accounts
from carillon.cli.instance import LocalApi, api_client, log_to_stderr, run_until_told, trunk_address, trunk_from
from carillon.client import ApiClient, ApiError
from carillon.settings import Settings
from carillon.softphone.call import CallState
from carillon.softphone.caller import Caller
from carillon.softphone.scripted import ScriptedCaller
from carillon.softphone.sound import Loop, murmur
from carillon.softphone.trickle import Trickle, Visit
from carillon.softphone.verdict import Judge
from carillon.softphone.ws_agent import AgentHabits, SoftAgent

_log = structlog.get_logger(__name__)
LINES = ("4001", "4001", "4001", "4002", "4003")  # most callers need a repair
AT_ONCE = 20
KNOWN_NUMBERS = 200


def demo(
    agents: Annotated[int, typer.Option(min=0, max=15, help="Software agents; the first accounts are left to people.")] = 3,
    a_minute: Annotated[float, typer.Option("--calls-per-minute", min=0.1, max=60, help="Callers a minute, on average.")] = 2.5,
    seed: Annotated[int | None, typer.Option(help="The same callers again.")] = None,
) -> None:
    """Keep the place busy."""
    settings = Settings()
    log_to_stderr(settings.log_level)
    accounts = [one for one in demo_accounts(settings) if one["role"] == "agent"]
    source = trunk_from(settings)
    if not accounts or source is None:
        sys.stderr.write(
            "This instance has no demo accounts, or its trunk is on other machines only: there is nothing to show.\n"
        )
        raise typer.Exit(1)
    chance = random.Random(seed)  # noqa: S311 - who calls is no secret
    staff = accounts[len(accounts) - agents :] if agents else []
    try:
        code = run_until_told(_demo(settings, staff, source, chance, a_minute), told=0)
    except* ApiError as reasons:
        sys.stderr.write(f"{reasons.exceptions[0]}\n")
        code = 1
    raise typer.Exit(code)


async def _demo(settings: Settings, staff: list[dict[str, str]], source: str, chance: random.Random, a_minute: float) -> int:
    async with asyncio.TaskGroup() as group:
        for account in staff:
            group.create_task(_agent(settings, account, chance))
        known = await _numbers(settings, demo_accounts(settings))
        trickle = Trickle(chance, a_minute=a_minute, known=known, lines=LINES)
        room = asyncio.Semaphore(AT_ONCE)
        while True:
            visit = trickle.next()
            await asyncio.sleep(visit.pause)
            await room.acquire()
            group.create_task(_visit(settings, source, visit)).add_done_callback(lambda _done: room.release())


async def _agent(settings: Settings, account: dict[str, str], chance: random.Random) -> None:
    habits = AgentHabits(answer_after=chance.uniform(1, 4), wrap_up_after=chance.uniform(1, 4), note="demo")
    async with api_client(settings) as api:
        await SoftAgent(api, account["login"], account["password"], habits=habits).run()


async def _numbers(settings: Settings, accounts: list[dict[str, str]]) -> list[str]:
    """Numbers of owners, so that most pops show somebody. A coordinator may read them."""
    reader = next((one for one in accounts if one["role"] == "coordinator"), accounts[0])
    async with api_client(settings) as api:
        await api.log_in(reader["login"], reader["password"])
        return await _owners_numbers(api)


async def _owners_numbers(api: ApiClient) -> list[str]:
    found: list[str] = []
    cursor = ""
    while len(found) < KNOWN_NUMBERS:
        page = await api.get("/owners", **({"cursor": cursor} if cursor else {}))
        found += [_e164(phone) for owner in page["items"] for phone in owner.get("phones", [])]
        cursor = str(page.get("next") or "")
        if not cursor:
            break
    return [number for number in found if number]


def _e164(phone: object) -> str:
    """A list of owners gives numbers; an owner's own page gives objects."""
    return str(phone.get("e164", "")) if isinstance(phone, dict) else str(phone)


async def _visit(settings: Settings, source: str, visit: Visit) -> None:
    """One caller; whatever becomes of him, the next one comes."""
    try:
        async with (
            LocalApi(settings) as api,
            Caller(trunk_address(settings), number=visit.number, name=visit.name, local=source) as caller,
        ):
            caller.say(Loop(murmur()))
            caller.dial(visit.to)
            await caller.call.wait(CallState.UP, CallState.ENDED)
            ending = await ScriptedCaller(caller, Judge(api, caller.sip_call_id, pause=0.5), visit.patience).play(visit.steps)
    except (ApiError, TimeoutError, OSError) as reason:
        _log.warning("A caller did not get through.", action="demo_call_failed", reason=str(reason))
        return
    said = {"from": visit.number, "name": visit.name, "to": visit.to, "ending": ending.value}
    sys.stdout.write(orjson.dumps(said, option=orjson.OPT_APPEND_NEWLINE).decode())
    sys.stdout.flush()
