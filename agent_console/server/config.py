"""What the server must know of its surroundings, as plain values: `carillon/api_wiring.py` makes it from the settings."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class ServerConfig:
    """One api process. Nothing here is read from the environment."""

    origins: frozenset[str]  # a browser may come from these, exactly
    tls: bool
    demo_remote: bool
    sip_upstream: str  # Asterisk's SIP WebSocket, the one and only
    console_dir: Path  # the built console
    cli_token: str = field(repr=False)
    audit_key: bytes = field(repr=False)

    @property
    def cookie(self) -> str:
        """Under TLS the name itself forbids a cookie of a neighbour's sub-domain (RFC 6265bis 4.1.3.2)."""
        return "__Host-carillon_session" if self.tls else "carillon_session"
