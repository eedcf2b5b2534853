"""REGISTER with digest, and again before it runs out (RFC 3261, section 10)."""

from __future__ import annotations

import asyncio
import secrets

from carillon.softphone.digest import Credentials, authorization
from carillon.softphone.endpoint import SipEndpoint
from carillon.softphone.sip import Request, Response, SipError, new_tag, parameter

EXPIRES = 120
PATIENCE = 5.0  # a switch that is starting takes the socket and says nothing


class RegistrationRefused(SipError):
    """The switch does not take this account: `code` says why (403 wrong, 404 gone, 408 silent)."""

    def __init__(self, code: int) -> None:
        super().__init__(f"the switch refused the registration with {code}")
        self.code = code


class Registration:
    """One contact of one account."""

    def __init__(self, endpoint: SipEndpoint, credentials: Credentials, domain: str) -> None:
        self._endpoint, self._credentials, self._domain = endpoint, credentials, domain
        self._call_id, self._tag, self._cseq = secrets.token_hex(12), new_tag(), 0
        self.expires = EXPIRES

    async def register(self) -> None:
        """Raise RegistrationRefused."""
        response = await self._try(())
        if response is not None and response.code in {401, 407}:
            header = authorization(response, self._credentials, "REGISTER", f"sip:{self._domain}")
            response = await self._try((header,))
        if response is None or response.code >= 300:
            raise RegistrationRefused(response.code if response is not None else 408)
        granted = parameter(response.get("Contact"), "expires") or response.get("Expires")
        self.expires = int(granted) if granted.isdigit() else EXPIRES

    async def keep(self) -> None:
        """Register again at half time, for ever."""
        while True:
            await asyncio.sleep(max(5, self.expires / 2))
            await self.register()

    async def _try(self, extra: tuple[tuple[str, str], ...]) -> Response | None:
        self._cseq += 1
        who = f"<sip:{self._credentials.user}@{self._domain}>"
        contact = f"<sip:{self._credentials.user}@{self._endpoint.transport.host}>"
        headers = (
            ("Max-Forwards", "70"),
            ("From", f"{who};tag={self._tag}"),
            ("To", who),
            ("Call-ID", self._call_id),
            ("CSeq", f"{self._cseq} REGISTER"),
            ("Contact", contact),
            ("Expires", str(EXPIRES)),
            *extra,
        )
        try:
            async with asyncio.timeout(PATIENCE):
                return await self._endpoint.ask(Request(headers, method="REGISTER", uri=f"sip:{self._domain}"))
        except TimeoutError:
            return None
