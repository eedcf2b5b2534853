"""What a SIP end point sends through: UDP here, a WebSocket in `ws_transport.py`."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Protocol, cast

Address = tuple[str, int]
Received = Callable[[bytes], None]


class Transport(Protocol):
    """One path to one peer. `reliable` switches the retransmission timers off (RFC 3261, section 17.1.1.2)."""

    reliable: bool
    via: str  # "UDP 127.0.0.2:5060", as in a Via
    host: str  # as in a Contact: host:port and URI parameters

    def send(self, message: bytes) -> None: ...
    def close(self) -> None: ...


class UdpTransport(asyncio.DatagramProtocol):
    """A UDP socket that talks with one server; `peer` None: with whoever spoke last (the called party of a trunk)."""

    reliable = False

    def __init__(self, received: Received, peer: Address | None) -> None:
        self._received, self._peer = received, peer
        self._socket: asyncio.DatagramTransport | None = None
        self.via = self.host = ""

    @classmethod
    async def open(cls, received: Received, local: Address, peer: Address | None = None) -> UdpTransport:
        """Bind `local`; port 0 takes a free one."""
        loop = asyncio.get_running_loop()
        _, transport = await loop.create_datagram_endpoint(lambda: cls(received, peer), local_addr=local)
        return transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._socket = cast("asyncio.DatagramTransport", transport)
        host, port = self._socket.get_extra_info("sockname")[:2]
        self.host = f"{host}:{port}"
        self.via = f"UDP {self.host}"

    def datagram_received(self, data: bytes, addr: Address) -> None:
        if self._peer is None or self._peer[0] != addr[0]:
            self._peer = addr
        if data.strip(b"\r\n\0"):  # not a keep-alive
            self._received(data)

    def error_received(self, exc: Exception) -> None:
        """ICMP "port unreachable": the timers decide, as with any other loss."""

    def send(self, message: bytes) -> None:
        if self._socket is not None and self._peer is not None and not self._socket.is_closing():
            self._socket.sendto(message, self._peer)

    def close(self) -> None:
        if self._socket is not None:
            self._socket.close()
