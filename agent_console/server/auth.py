"""Who is asking: cookie session, bearer token or the command line's key. Origin and CSRF of what changes something."""

from __future__ import annotations

import secrets
from ipaddress import IPv6Address, ip_address
from typing import Annotated

from fastapi import Depends, Request
from starlette.requests import HTTPConnection

from agent_console.server.actor import Actor
from agent_console.server.config import ServerConfig
from agent_console.server.errors import ApiError
from agent_console.server.policy import Policy
from agent_console.server.sessions import Sessions

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


def address_of(connection: HTTPConnection) -> str:
    """The peer of the TCP connection. Forwarding headers are not believed: there is no trusted proxy."""
    return connection.client.host if connection.client else ""


def is_loopback(address: str) -> bool:
    """127.0.0.0/8, ::1, and the IPv4 ones written as IPv6."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return False
    mapped = parsed.ipv4_mapped if isinstance(parsed, IPv6Address) else None
    return (mapped or parsed).is_loopback


def bearer_of(connection: HTTPConnection) -> str:
    """The token of `Authorization: Bearer`, or ''."""
    scheme, _, token = connection.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def _is_deed(connection: HTTPConnection, actor: Actor) -> bool:
    """A page left alone reads by itself as long as others work: that must not keep its log-in alive. A program has no hands."""
    return actor.kind == "bearer" or (connection.scope["type"] == "http" and connection.scope["method"] not in SAFE_METHODS)


class Auth:
    """Lets a connection pass a policy and leaves the actor in `connection.state.actor`."""

    def __init__(self, config: ServerConfig, sessions: Sessions) -> None:
        self._config, self._sessions = config, sessions

    async def admit(self, connection: HTTPConnection, policy: Policy) -> None:
        """Raise ApiError: not_signed_in, not_allowed, bad_origin, bad_csrf."""
        connection.state.actor = None
        if policy.loopback and not is_loopback(address_of(connection)):
            raise ApiError("not_allowed")
        if policy.cli:
            self._check_cli(connection)
            return
        if policy.roles is None:
            return
        actor = await self.actor_of(connection)
        if actor is None:
            raise ApiError("not_signed_in")
        if actor.role not in policy.roles:
            raise ApiError("not_allowed")
        self._check_change(connection, actor)
        connection.state.actor = actor
        if policy.by_hand and _is_deed(connection, actor):
            await self._sessions.touch(actor.session)

    async def actor_of(self, connection: HTTPConnection) -> Actor | None:
        """By bearer token, else by cookie. A token in the wrong place (a cookie's as bearer) is nobody's.

        Raises ApiError `not_allowed` for the command line's key, which is no person's.
        """
        token, kind = bearer_of(connection), "bearer"
        if not token:
            token, kind = connection.cookies.get(self._config.cookie, ""), "cookie"
        if not token:
            return None
        if self._is_cli(token):
            raise ApiError("not_allowed")
        actor = await self._sessions.actor(token)
        return actor if actor is not None and actor.kind == kind else None

    def check_origin(self, connection: HTTPConnection) -> None:
        """Raise bad_origin unless the browser says that the page is ours. Absent counts as wrong."""
        if connection.headers.get("origin", "") not in self._config.origins:
            raise ApiError("bad_origin")

    def _check_change(self, connection: HTTPConnection, actor: Actor) -> None:
        """A cookie is sent by the browser whoever made the page: what changes something needs Origin and token too."""
        if actor.kind != "cookie" or connection.scope["type"] != "http" or connection.scope["method"] in SAFE_METHODS:
            return
        self.check_origin(connection)
        if not secrets.compare_digest(connection.headers.get("x-csrf-token", "").encode(), actor.csrf.encode()):
            raise ApiError("bad_csrf")

    def _check_cli(self, connection: HTTPConnection) -> None:
        if not self._is_cli(bearer_of(connection)):
            raise ApiError("not_signed_in")  # the command line then reads the key again: the api was restarted

    def _is_cli(self, token: str) -> bool:
        return bool(self._config.cli_token) and secrets.compare_digest(token.encode(), self._config.cli_token.encode())


def current_actor(request: Request) -> Actor:
    """The actor that the route's policy let in."""
    actor = request.state.actor
    if not isinstance(actor, Actor):
        raise ApiError("not_signed_in")
    return actor


Who = Annotated[Actor, Depends(current_actor)]
"""Parameter type of a route that needs to know who asks."""
