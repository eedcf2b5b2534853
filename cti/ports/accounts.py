"""Softphone accounts on the switch: minted per page load, dead at log-out. ARI does it (`cti/ari`)."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol


class EndpointClass(StrEnum):
    """What kind of end point is minted."""

    WEBRTC = "webrtc"  # DTLS, ICE, opus
    PLAIN = "plain"  # RTP without encryption, loopback only, no page behind it (load and tests)


@dataclass(frozen=True, slots=True)
class SoftphoneAccount:
    """The secret exists in this object and in the page, nowhere else; it is kept out of repr."""

    endpoint: str
    secret: str = field(repr=False)


class SoftphoneAccounts(Protocol):
    """Accounts of one switch. All methods raise SwitchUnavailable."""

    async def mint(self, endpoint: str, secret: str, kind: EndpointClass) -> None:
        """Create or replace. Raises SwitchUnavailable."""
        ...

    async def revoke(self, endpoint: str) -> None:
        """Gone already: succeeds. Dead at once: a REGISTER with the old secret gets 401."""
        ...

    async def list(self) -> list[str]:
        """Names of the end points that were minted."""
        ...
