"""Questions to the running parts: SIP from the trunk's side, AMI, FastAGI, the api. Each ends within `PATIENCE`."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import httpx

from carillon.cli.instance import api_client, console_url, trunk_address, trunk_from
from carillon.client import ApiError, Json
from carillon.doctor.finding import Finding, error, fine, warning
from carillon.settings import Settings
from carillon.softphone.endpoint import SipEndpoint
from carillon.softphone.sip import Request, Response, new_tag, sip_uri
from carillon.softphone.transport import UdpTransport
from carillon.switch.ready import is_fully_booted
from carillon.switch.secrets import AMI_READ_USER, load_or_create

PATIENCE = 3.0
NUMBER = "4001"


async def check_trunk(settings: Settings) -> Sequence[Finding]:
    """OPTIONS for 4001, sent as a caller would: 200 says that the trunk is known and the number leads somewhere."""
    source = trunk_from(settings)
    address = "{}:{}".format(*trunk_address(settings))
    if source is None:
        return [warning("trunk", "trunk_elsewhere", match=settings.trunk_match)]
    try:
        response = await _options(settings, source)
    except OSError as reason:
        return [error("trunk", "source_missing", source=source, reason=str(reason.strerror or reason))]
    if response is None:
        return [error("trunk", "trunk_silent", address=address, source=source, log=_switch_log(settings))]
    answer = str(response.code)
    if response.code in {401, 403, 407}:
        return [error("trunk", "trunk_unknown", source=source, answer=answer, match=settings.trunk_match)]
    if response.code != 200:
        return [fine("trunk"), error("dnis", "dnis_refused", number=NUMBER, answer=answer)]
    return [fine("trunk")]


async def _options(settings: Settings, source: str) -> Response | None:
    endpoint = SipEndpoint()
    transport = await UdpTransport.open(endpoint.receive, (source, 0), trunk_address(settings))
    endpoint.attach(transport)
    uri = sip_uri(NUMBER, "{}:{}".format(*trunk_address(settings)))
    headers = (
        ("Max-Forwards", "70"),
        ("From", f"<sip:doctor@{transport.host}>;tag={new_tag()}"),
        ("To", f"<{uri}>"),
        ("Call-ID", f"{new_tag()}@doctor"),
        ("CSeq", "1 OPTIONS"),
        ("Contact", f"<sip:doctor@{transport.host}>"),
    )
    try:
        async with asyncio.timeout(PATIENCE):
            return await endpoint.ask(Request(headers, method="OPTIONS", uri=uri))
    except TimeoutError:
        return None
    finally:
        endpoint.close()


async def check_manager(settings: Settings) -> Sequence[Finding]:
    """Log in as the core does."""
    secret = load_or_create(settings.secrets_file).ami_read if settings.secrets_file.exists() else ""
    booted = await asyncio.to_thread(is_fully_booted, settings.ami_port, secret)
    if booted:
        return [fine("manager")]
    return [error("manager", "manager_silent", port=str(settings.ami_port), user=AMI_READ_USER)]


async def check_ivr(settings: Settings) -> Sequence[Finding]:
    """Begin a session with the key, and hear the core's first command: a core that hangs accepts TCP but says nothing."""
    try:
        async with asyncio.timeout(PATIENCE):
            spoke = await _first_command(settings)
    except (OSError, TimeoutError):
        spoke = False
    return [fine("ivr") if spoke else error("ivr", "ivr_silent", port=str(settings.agi_port))]


async def _first_command(settings: Settings) -> bool:
    key = load_or_create(settings.secrets_file).agi if settings.secrets_file.exists() else ""
    reader, writer = await asyncio.open_connection("127.0.0.1", settings.agi_port)
    try:
        writer.write(f"agi_network: yes\nagi_network_script: inbound\nagi_arg_1: {key}\nagi_accountcode: doctor\n\n".encode())
        await writer.drain()
        return bool(await reader.readline())
    finally:
        writer.close()


async def check_health(settings: Settings) -> Sequence[Finding]:
    """What the api sees of core, switch, database and agents."""
    try:
        async with api_client(settings, timeout=PATIENCE) as api:
            health = await api.get("/health")
    except ApiError:
        return [error("health", "api_silent", url=console_url(settings), log=_log(settings, "api"))]
    return [*_parts(settings, health), _agents(health.get("agents") or {})]


def _parts(settings: Settings, health: Json) -> list[Finding]:
    log = _log(settings, "core")
    if not (health.get("core") or {}).get("up"):
        return [error("health", "core_away", log=log)]
    found = []
    if not (health.get("switch") or {}).get("up"):
        found.append(error("health", "switch_away", log=log))
    if not health.get("database"):
        found.append(error("health", "database_away"))
    if not health.get("journal"):
        found.append(error("health", "journal_failed", file=str(settings.journal_file)))
    return found or [fine("health")]


def _agents(agents: Json) -> Finding:
    if not agents.get("logged_in"):
        return warning("agents", "nobody_logged_in")
    if not agents.get("ready"):
        return warning("agents", "nobody_ready", logged_in=str(agents["logged_in"]))
    return fine("agents")


async def check_console(settings: Settings) -> Sequence[Finding]:
    """The page itself; an api that does not answer is told by `check_health`."""
    try:
        async with httpx.AsyncClient(timeout=PATIENCE, trust_env=False, verify=settings.tls_cert is None) as http:
            page = await http.get(console_url(settings) + "/")
    except httpx.HTTPError:
        return []
    return [fine("console") if page.status_code == 200 else error("console", "console_missing")]


def _log(settings: Settings, part: str) -> str:
    return str(settings.state / "log" / f"{part}.log")


def _switch_log(settings: Settings) -> str:
    return str(settings.switch_dir / "log" / "messages.log")
