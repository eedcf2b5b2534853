"""How a command finds its instance: addresses from Settings, and the api by the key that it left in `run/cli.token`."""

from __future__ import annotations

import asyncio
import logging
import signal
import sys
from collections.abc import Coroutine
from ipaddress import IPv4Address, IPv4Network, ip_network
from types import TracebackType
from typing import Any, Self

import structlog

from carillon.client import ApiAway, ApiClient, ApiRefused, Json
from carillon.settings import Settings
from carillon.softphone.transport import Address
from carillon.switch.addresses import local_ipv4

ANY = "0.0.0.0"  # noqa: S104 - compared with, never bound
LOOPBACK = "127.0.0.1"


def log_to_stderr(level: str) -> None:
    """stdout belongs to the answer."""
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(getattr(logging, level.upper())),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )


def console_url(settings: Settings) -> str:
    """Where the api listens, as seen from this machine."""
    scheme = "https" if settings.tls_cert else "http"
    host = LOOPBACK if settings.listen in {ANY, LOOPBACK} else settings.listen
    return f"{scheme}://{host}:{settings.console_port}"


def trunk_address(settings: Settings) -> Address:
    """Where the trunk's INVITEs go."""
    return (LOOPBACK if settings.sip_listen in {ANY, LOOPBACK} else settings.sip_listen, settings.sip_port)


def trunk_from(settings: Settings) -> str | None:
    """An address of this machine that the trunk is identified by; None when the trunk is only on other machines."""
    nets = [ip_network(each.strip(), strict=False) for each in settings.trunk_match.split(",")]
    for net in nets:
        if isinstance(net, IPv4Network) and net.is_loopback:
            return str(net.network_address if net.num_addresses == 1 else IPv4Address(int(net.network_address) + 1))
    return next((str(one) for one in local_ipv4() if any(one in net for net in nets)), None)


def api_client(settings: Settings, token: str = "", *, timeout: float = 10.0) -> ApiClient:
    """On one machine the certificate is for another name than 127.0.0.1."""
    return ApiClient(console_url(settings), token, verify=settings.tls_cert is None, timeout=timeout)


class LocalApi:
    """The `cli` actor: reads calls, nothing else. The key is read again when the api was restarted."""

    def __init__(self, settings: Settings) -> None:
        self._file = settings.run_dir / "cli.token"
        self._api = api_client(settings, timeout=5.0)

    async def __aenter__(self) -> Self:
        await self._api.__aenter__()
        self._read_key()
        return self

    async def __aexit__(self, kind: type[BaseException] | None, why: BaseException | None, trace: TracebackType | None) -> None:
        await self._api.__aexit__(kind, why, trace)

    async def get(self, path: str, **query: str | int) -> Json:
        """Raise ApiAway or ApiRefused."""
        try:
            return await self._api.get(path, **query)
        except ApiRefused as refused:
            if refused.status not in {401, 403}:
                raise
            self._read_key()
            return await self._api.get(path, **query)

    def _read_key(self) -> None:
        try:
            self._api.use_token(self._file.read_text().strip())
        except OSError as reason:
            raise ApiAway(f"{self._file} cannot be read: is this instance running? (carillon doctor says more)") from reason


def run_until_told(work: Coroutine[Any, Any, int], *, told: int = 1) -> int:
    """Run; INT, TERM and HUP end it in order (calls are hung up) with the exit code `told`."""
    return asyncio.run(_with_signals(work, told))


async def _with_signals(work: Coroutine[Any, Any, int], told: int) -> int:
    loop = asyncio.get_running_loop()
    task = loop.create_task(work)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, task.cancel)
    try:
        return await task
    except asyncio.CancelledError:
        return told
