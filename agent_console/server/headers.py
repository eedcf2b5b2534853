"""Security headers on every answer, errors and files too. Pure ASGI: a socket passes untouched, a file is not buffered."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

# Nothing inline: a caller's name must become neither a script nor a style.
CSP: Sequence[str] = (
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "media-src 'self' blob:",
    "connect-src 'self'",
    "worker-src 'self'",
    "manifest-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "object-src 'none'",
    "frame-ancestors 'none'",
)
ALWAYS: Sequence[tuple[str, str]] = (
    ("Content-Security-Policy", "; ".join(CSP)),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "no-referrer"),
    ("Permissions-Policy", "microphone=(self), speaker-selection=(self), camera=(), geolocation=(), payment=(), usb=()"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
)
HSTS = ("Strict-Transport-Security", "max-age=31536000; includeSubDomains")


def policy_for_page(nonce: str) -> str:
    """The policy of one delivery of the page: Mantine's own <style> elements carry its nonce (CSP3, 7.2)."""
    return "; ".join(f"{each} 'nonce-{nonce}'" if each.startswith("style-src ") else each for each in CSP)


class SecurityHeaders:
    """ASGI middleware. What a route sets itself (caching of hashed files) is kept."""

    def __init__(self, app: ASGIApp, *, tls: bool) -> None:
        self._app = app
        self._always = (*ALWAYS, HSTS) if tls else ALWAYS

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._always:
                    headers.setdefault(name, value)
                headers.setdefault("Cache-Control", "no-store")
            await send(message)

        await self._app(scope, receive, with_headers)
