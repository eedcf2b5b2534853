"""The api's composition root: plain constructor calls, closed in reverse order. Nothing here decides anything."""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import random
import secrets
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from fastapi import FastAPI

from agent_console.server.app import create_app
from agent_console.server.audit import Audit
from agent_console.server.auth import Auth
from agent_console.server.callback_clock import CallbackClock
from agent_console.server.commands import Commands
from agent_console.server.config import ServerConfig
from agent_console.server.console import Console
from agent_console.server.departures import Departures
from agent_console.server.deps import Deps
from agent_console.server.guessing import Guessing
from agent_console.server.models import WrapUp
from agent_console.server.pages import Pages
from agent_console.server.plays import Plays
from agent_console.server.queue_teams import QueueTeams
from agent_console.server.sessions import Sessions
from agent_console.server.sip_relay import SipRelay
from agent_console.server.stream_tickets import StreamTickets
from agent_console.server.watch import Watch
from carillon.clock import SystemClock
from carillon.settings import Settings
from carillon.switch.secrets import load_or_create
from crm_core.callbacks.service import Callbacks
from crm_core.dispositions.service import Codes
from crm_core.owners.activity import CallTables
from crm_core.owners.service import Owners
from crm_core.people.passwords import Passwords
from crm_core.people.service import People
from crm_core.tickets.service import Tickets
from crm_core.tickets.task_sheets import TaskSheets
from cti.bus.local import LocalBusClient
from cti.bus.port import BusClient
from cti.store.models import Agent, CallRecord
from recordings.storage import LocalStorage
from storage.engine import engine_for
from storage.unit_of_work import UnitOfWork

LOCALHOSTS = ("localhost", "127.0.0.1", "[::1]")
ANYWHERE = ("0.0.0.0", "::")  # noqa: S104 - compared with, not bound
BUILT = Path(__file__).resolve().parent.parent / ".build" / "web"


@dataclass(slots=True)
class Api:
    """What runs: the app, and what runs beside it."""

    app: FastAPI
    deps: Deps
    callback_clock: CallbackClock
    queue_teams: QueueTeams


def origins(settings: Settings) -> frozenset[str]:
    """This machine under its usual names, the address it listens on, and what the settings add."""
    scheme = "https" if settings.tls_cert else "http"
    hosts = [*LOCALHOSTS, *([settings.listen] if settings.listen not in ANYWHERE else [])]
    own = {f"{scheme}://{host}:{settings.console_port}" for host in hosts}
    usual = 443 if settings.tls_cert else 80
    if settings.console_port == usual:
        own |= {f"{scheme}://{host}" for host in hosts}
    return frozenset(own | {each.strip().rstrip("/") for each in settings.public_origins.split(",") if each.strip()})


def built_console(folder: Path = BUILT) -> Path:
    """The newest build; its folder's name is the hash of what it was built from."""
    built = [each for each in folder.iterdir() if (each / "index.html").is_file()] if folder.is_dir() else []
    return max(built, key=lambda each: (each / "index.html").stat().st_mtime, default=folder)


def config(settings: Settings, cli_token: str) -> ServerConfig:
    """What the server must know of its surroundings."""
    key = load_or_create(settings.secrets_file).session.encode()
    return ServerConfig(
        origins=origins(settings),
        tls=settings.tls_cert is not None,
        demo_remote=settings.demo_remote,
        sip_upstream=f"ws://127.0.0.1:{settings.asterisk_http_port}/ws",
        console_dir=built_console(),
        cli_token=cli_token,
        audit_key=hmac.new(key, b"audit", hashlib.sha256).digest(),
    )


def bus_client(settings: Settings) -> BusClient:
    """The local socket, or Redis streams when grown. The api's name is new with each process."""
    api, chance = f"api-{secrets.token_hex(6)}", random.SystemRandom()
    if settings.redis_url:
        from cti.bus.redis_streams import RedisBusClient  # noqa: PLC0415 - redis is imported only when used

        return RedisBusClient(settings.redis_url, api, chance)
    return LocalBusClient(settings.bus_socket, api, chance)


@contextlib.asynccontextmanager
async def wired(settings: Settings, cli_token: str, bus: BusClient | None = None) -> AsyncIterator[Api]:
    """Everything made, nothing running yet; closed at the end of the block."""
    async with contextlib.AsyncExitStack() as stack:
        clock, uow = SystemClock(), UnitOfWork(engine_for(settings.database))
        stack.push_async_callback(uow.dispose)
        known, bus = config(settings, cli_token), bus or bus_client(settings)
        sessions = Sessions(uow, clock)
        console = Console(clock, Pages(clock, bus.signal))
        relay = SipRelay(known.sip_upstream)
        watch = Watch(sessions, console, relay)
        audit = Audit(uow, clock, known.audit_key)
        commands = Commands(bus, audit, watch.later)
        departures = Departures(commands, console.pages, watch.later)
        watch.over = lambda actor: watch.later(departures.leave(actor))
        console.on_core_up.append(departures.core_up)
        tickets = Tickets(uow, agents=Agent.__table__, zone=ZoneInfo(settings.time_zone), hint=console.hint)
        calls = CallTables(CallRecord.__table__, WrapUp.__table__)
        callbacks = Callbacks(uow, region=settings.region, hint=console.hint)
        deps = Deps(
            config=known,
            clock=clock,
            uow=uow,
            people=People(uow, Passwords()),
            bus=bus,
            sessions=sessions,
            auth=Auth(known, sessions),
            guessing=Guessing(clock),
            audit=audit,
            stream_tickets=StreamTickets(clock),
            console=console,
            relay=relay,
            watch=watch,
            commands=commands,
            departures=departures,
            plays=Plays(clock),
            recordings=LocalStorage(settings.recordings_dir),
            owners=Owners(uow, calls=calls, region=settings.region, hint=console.hint),
            tickets=tickets,
            task_sheets=TaskSheets(uow, tickets, region=settings.region),
            callbacks=callbacks,
            codes=Codes(uow),
        )
        yield Api(create_app(deps), deps, CallbackClock(callbacks, console, clock), QueueTeams(uow, console))
