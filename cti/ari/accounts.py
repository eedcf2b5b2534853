"""Softphone accounts pushed into Asterisk's memory by ARI: nothing rests on disk, and log-out kills the secret at once.

ARI answers a push with all fields of the object, the password among them: replies are read for their status only, never
kept, logged or put into an error.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
from collections.abc import Coroutine, Mapping
from types import TracebackType
from typing import Self

import httpx

from cti.ports.accounts import EndpointClass
from cti.ports.telephony import InvalidValue, SwitchUnavailable

BASE = "/ari/asterisk/config/dynamic/res_pjsip"
_NAME = re.compile(r"[a-z][a-z0-9-]{3,63}")
_SECRET = re.compile(r"[A-Za-z0-9_-]{22,128}")  # 22 letters of base64 are 128 bit
_CONFIGURED = {"trunk"}  # pjsip.conf
_KINDS = ("auth", "aor", "endpoint")  # made in this order: an end point must not be there before its secret

_COMMON = {
    "context": "from-agent",  # may call nothing
    "disallow": "all",
    "identify_by": "username",
    "allow_transfer": "no",  # a REFER past the core
    "send_connected_line": "no",  # else a re-INVITE with each answer
    "trust_id_inbound": "no",
    "direct_media": "no",
    "rtp_timeout": "6",  # a dead computer ends its leg; the dialplan's cti-after keeps the caller
    "rtp_timeout_hold": "0",
    "dtmf_mode": "rfc4733",
}
_CLASSES: Mapping[EndpointClass, Mapping[str, str]] = {
    EndpointClass.WEBRTC: {
        "webrtc": "yes",
        "media_encryption": "dtls",
        "dtls_auto_generate_cert": "yes",
        # opus alone: a leg passed through un-transcoded is deaf for two seconds when it is moved to another party
        "allow": "opus",
    },
    # RTP in clear, so it cannot leave this machine: its socket is bound to loopback. (An ACL would be the other way, but
    # Asterisk loses an end point's deny and permit when it is pushed: they have no text form.)
    EndpointClass.PLAIN: {
        "allow": "ulaw",
        "rtp_symmetric": "yes",
        "media_address": "127.0.0.1",
        "bind_rtp_to_media_address": "yes",
    },
}


class AriAccounts:
    """SoftphoneAccounts over ARI. `async with AriAccounts(...) as accounts:`"""

    def __init__(self, url: str, user: str, secret: str, *, timeout: float = 5.0) -> None:
        # no proxy from the environment: this is loopback
        self._http = httpx.AsyncClient(base_url=url, auth=(user, secret), timeout=timeout, trust_env=False)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        await self._http.aclose()

    async def mint(self, endpoint: str, secret: str, kind: EndpointClass) -> None:
        """auth and aor, then the endpoint. What was half made is taken back."""
        _check_name(endpoint)
        if _SECRET.fullmatch(secret) is None:
            raise InvalidValue("a softphone's secret has at least 128 bit, as letters and digits")
        try:
            await _both(
                self._put("auth", endpoint, {"auth_type": "digest", "username": endpoint, "password": secret}),
                self._put("aor", endpoint, {"max_contacts": "1", "remove_existing": "yes", "remove_unavailable": "yes"}),
            )
            await self._put("endpoint", endpoint, {**_COMMON, **_CLASSES[kind], **_ours(endpoint)})
        except SwitchUnavailable:
            with contextlib.suppress(SwitchUnavailable):  # then `list` shows what is left
                await self.revoke(endpoint)
            raise

    async def revoke(self, endpoint: str) -> None:
        """endpoint, aor, auth: it cannot be rung, then not be reached, then not be authenticated."""
        _check_name(endpoint)
        for kind in reversed(_KINDS):
            await self._request("DELETE", f"{BASE}/{kind}/{endpoint}", missing_is_fine=True)

    async def list(self) -> list[str]:
        """All end points of the switch but the trunk: also those of a core that was killed."""
        reply = await self._request("GET", "/ari/endpoints/PJSIP")
        return sorted(str(each["resource"]) for each in reply.json() if each["resource"] not in _CONFIGURED)

    async def _put(self, kind: str, name: str, fields: Mapping[str, str]) -> None:
        body = {"fields": [{"attribute": attribute, "value": value} for attribute, value in fields.items()]}
        await self._request("PUT", f"{BASE}/{kind}/{name}", json=body)

    async def _request(self, method: str, path: str, *, json: object = None, missing_is_fine: bool = False) -> httpx.Response:
        try:
            reply = await self._http.request(method, path, json=json)
        except httpx.HTTPError as error:
            raise SwitchUnavailable(f"ARI: {type(error).__name__}") from None  # the request in it holds the secret
        if not reply.is_success and not (reply.status_code == 404 and missing_is_fine):
            raise SwitchUnavailable(f"ARI: {method} of {path.removeprefix(BASE)}: {reply.status_code}")
        return reply


async def _both(*pushes: Coroutine[None, None, None]) -> None:
    """At the same time; both have ended when one failed, so that taking back finds what was made."""
    for failed in await asyncio.gather(*pushes, return_exceptions=True):
        if failed is not None:
            raise failed


def _check_name(endpoint: str) -> None:
    if _NAME.fullmatch(endpoint) is None or endpoint in _CONFIGURED:
        raise InvalidValue(f"end point {endpoint!r} is not a name we mint")


def _ours(endpoint: str) -> dict[str, str]:
    return {"auth": endpoint, "aors": endpoint}
