"""Runs the api: bus client, watchers and uvicorn in one group; SIGTERM closes sockets with 1012 and ends it."""

from __future__ import annotations

import asyncio
import contextlib
import os
import secrets
import signal
import socket
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path

import structlog
import uvicorn
from starlette.requests import HTTPConnection

from carillon import loop, runfile
from carillon.api_wiring import Api, wired
from carillon.filed_callbacks import FiledCallbacks
from carillon.migrations.schema import current, head
from carillon.settings import Settings
from storage.engine import engine_for
from storage.errors import DatabaseAway
from storage.faults import translated

log = structlog.get_logger("api")

PING_S = 5.0
SOCKET_MESSAGE_AT_MOST = 64 * 1024  # the console's; the SIP relay refuses above 32 KiB itself
DRAIN_S = 3


class CannotStart(Exception):
    """One sentence for whoever started it."""


def bound(settings: Settings) -> socket.socket:
    """The listening socket, taken before anything else is started. Raises CannotStart."""
    family = socket.AF_INET6 if ":" in settings.listen else socket.AF_INET
    # The protocol is named, as asyncio sets TCP_NODELAY only then: without it each answer waits 40 ms for a delayed ACK.
    sock = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        sock.bind((settings.listen, settings.console_port))
        sock.listen(2048)
    except OSError as error:
        sock.close()
        raise CannotStart(
            f"The api cannot listen on {settings.listen} port {settings.console_port}: {os.strerror(error.errno or 0)}."
            " Stop what uses it, or choose another CARILLON_PORT_BASE or CARILLON_LISTEN."
        ) from error
    return sock


async def check_schema(settings: Settings) -> None:
    """Raise CannotStart unless the database is at this release's revision."""
    engine = engine_for(settings.database, pool_size=1)
    try:
        with translated():
            async with engine.connect() as connection:
                found = await connection.run_sync(current)
    except DatabaseAway as error:
        raise CannotStart(f"The api cannot start: {error}. Run `carillon migrate` first, or start the database.") from error
    finally:
        await engine.dispose()
    if found != head():
        raise CannotStart(
            f"The database is at revision {found or 'none'}, this release needs {head()}: run `carillon migrate`,"
            " then start the api again."
        )


def write_cli_token(settings: Settings) -> str:
    """The command line's key, fresh with each start; the file appears whole and readable by its owner only."""
    token, path = secrets.token_urlsafe(32), settings.run_dir / "cli.token"
    settings.run_dir.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".cli.token.{os.getpid()}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(token)
    draft.replace(path)
    return token


def uvicorn_config(settings: Settings, api: Api) -> uvicorn.Config:
    """websockets-sansio with 5 s + 5 s of ping; no compression (CRIME, and it costs), no forwarding headers."""
    return uvicorn.Config(
        api.app,
        log_config=None,
        access_log=False,
        ws="websockets-sansio",
        ws_ping_interval=PING_S,
        ws_ping_timeout=PING_S,
        ws_per_message_deflate=False,
        ws_max_size=SOCKET_MESSAGE_AT_MOST,
        proxy_headers=False,
        server_header=False,
        date_header=True,
        lifespan="off",
        timeout_graceful_shutdown=DRAIN_S,
        ssl_certfile=_file(settings.tls_cert),
        ssl_keyfile=_file(settings.tls_key),
    )


def _file(path: Path | None) -> str | None:
    return str(path) if path else None


class Server(uvicorn.Server):
    """Signals are ours: uvicorn would send them again to the process after its end."""

    @contextlib.contextmanager
    def capture_signals(self):  # type: ignore[no-untyped-def]  # as uvicorn declares it
        yield


async def serve(settings: Settings) -> None:
    """Until told to stop. Raises CannotStart before anything listens."""
    settings.state.mkdir(parents=True, exist_ok=True)
    await check_schema(settings)
    sock = bound(settings)
    with contextlib.closing(sock):
        async with wired(settings, write_cli_token(settings)) as api:
            server = Server(uvicorn_config(settings, api))
            turning = asyncio.get_running_loop()
            for name in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
                turning.add_signal_handler(name, lambda: setattr(server, "should_exit", True))
            await run(settings, api, server, sock)


async def run(settings: Settings, api: Api, server: uvicorn.Server, sock: socket.socket) -> None:
    """Until `server.should_exit`; what runs beside it ends with it."""
    api.deps.cut = partial(cut, server)
    filed = FiledCallbacks(settings.switch_dir / "callbacks", api.deps.callbacks, api.deps.clock)
    async with asyncio.TaskGroup() as group:
        beside = [
            group.create_task(_kept("bus", lambda: api.deps.bus.run(api.deps.console))),
            group.create_task(_kept("watch", api.deps.watch.run)),
            group.create_task(_kept("callbacks", api.callback_clock.run)),
            group.create_task(_kept("queue_teams", api.queue_teams.run)),
            group.create_task(_kept("filed_callbacks", filed.run)),
            group.create_task(_announce(settings, server)),
        ]
        await server.serve(sockets=[sock])
        for task in beside:
            task.cancel()
    runfile.remove(settings.run_dir, "api")


def cut(server: uvicorn.Server, connection: HTTPConnection) -> None:
    """Abort the TCP connection: ASGI knows only orderly ends, and those wait for a peer that reads nothing."""
    for each in list(server.server_state.connections):
        if connection.client is not None and getattr(each, "client", None) == tuple(connection.client):
            transport = getattr(each, "transport", None)
            if transport is not None:
                transport.abort()


async def _kept(name: str, work: Callable[[], Awaitable[None]]) -> None:
    """The supervisor of what runs beside: a fault of ours is logged and the part begins anew; the sockets stay."""
    while True:
        try:
            await work()
        except Exception:  # one part's fault must not end the sockets of all agents
            log.exception("a part of the api failed and is started again", action="part_failed", failed=name)
        await asyncio.sleep(1.0)


async def _announce(settings: Settings, server: uvicorn.Server) -> None:
    """`run/api.json` once it listens."""
    while not server.started:  # noqa: ASYNC110 - uvicorn has a flag, no event
        await asyncio.sleep(0.01)
    loop.started()
    runfile.write(settings.run_dir, "api", ports={"console": settings.console_port})
