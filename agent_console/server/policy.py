"""Who may do what: default deny. Each route and each socket declares a policy, each socket command is a line of `COMMANDS`.

`check_declared` refuses to make an app with a route that declares none; tests/architecture proves it for all.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from fastapi import Depends, FastAPI
from fastapi.params import Depends as DependsParam
from fastapi.routing import iter_route_contexts
from starlette.exceptions import WebSocketException
from starlette.requests import HTTPConnection

from agent_console.server.errors import ApiError
from crm_core.people.service import Role

AGENT, ENGINEER, COORDINATOR = Role.AGENT, Role.HOTLINE_ENGINEER, Role.COORDINATOR
FIELD_ENGINEER, SUPERVISOR, ADMIN = Role.FIELD_ENGINEER, Role.SUPERVISOR, Role.ADMIN


@dataclass(frozen=True, slots=True)
class Policy:
    """`roles` None: nobody needs to be signed in. `loopback`: from this machine only. `cli`: the command line's key alone.

    `by_hand` false: a page asks by itself, so it is no sign that somebody is there.
    """

    name: str
    roles: frozenset[Role] | None
    loopback: bool = False
    cli: bool = False
    by_hand: bool = True


PUBLIC = Policy("public", None)
ANY = Policy("any", frozenset(Role))
ANY_PAGE = Policy("any", frozenset(Role), by_hand=False)
LOOPBACK = Policy("loopback", None, loopback=True)
CLI = Policy("cli", frozenset(), loopback=True, cli=True)
TICKET = Policy("ticket", None)  # the console's socket: its single-use ticket says who it is
AT_DESK = Policy("at_desk", frozenset({AGENT, ENGINEER}))


def roles(*allowed: Role) -> Policy:
    """Signed in with one of these roles. What else must hold (own call, own team) the resource checks on the row."""
    return Policy("+".join(sorted(allowed)), frozenset(allowed))


class Gate:
    """The dependency that carries a route's policy and lets pass whom it allows."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy

    async def __call__(self, connection: HTTPConnection) -> None:
        try:
            await connection.app.state.deps.auth.admit(connection, self.policy)
        except ApiError as refused:
            if connection.scope["type"] == "websocket":
                raise WebSocketException(1008, refused.code) from refused  # before accept: the browser sees HTTP 403
            raise


def allow(policy: Policy) -> list[Any]:
    """For `dependencies=` of a route: `@ROUTES.get("/owners", dependencies=allow(ANY))`."""
    return [Depends(Gate(policy))]


class Undeclared(RuntimeError):
    """Our own mistake: a route or socket without a policy."""


def policies(app: FastAPI) -> list[tuple[str, str, Policy | None]]:
    """(method or WS, path, policy) of every route; None where it declares none."""
    found: list[tuple[str, str, Policy | None]] = []
    for context in iter_route_contexts(app.routes):
        route = context.original_route
        policy = _policy_of(getattr(route, "dependencies", ()))
        methods = sorted(getattr(route, "methods", None) or ("WS",))
        found.extend((method, str(context.path), policy) for method in methods)
    return found


def _policy_of(dependencies: Iterable[DependsParam]) -> Policy | None:
    gates = [each.dependency.policy for each in dependencies if isinstance(each.dependency, Gate)]
    return gates[0] if len(gates) == 1 else None


def check_declared(app: FastAPI) -> None:
    """Raise Undeclared unless every route and socket has exactly one policy."""
    missing = [f"{method} {path}" for method, path, policy in policies(app) if policy is None]
    if missing:
        raise Undeclared(f"no policy is declared for {', '.join(missing)}: add dependencies=allow(…)")


# ---- what a page may say on its socket ------------------------------------------------------------------------------

_DESK = frozenset({AGENT, ENGINEER})
COMMANDS: Mapping[str, frozenset[Role]] = {
    "agent.login": _DESK,
    "agent.logout": _DESK,
    "agent.state": _DESK,
    "softphone.registered": _DESK,
    "call.hold": _DESK,
    "call.resume": _DESK,
    "call.hangup": _DESK,
    "call.blind": _DESK,
    "call.dial": _DESK,
    "call.owner": _DESK,
    "call.ticket": _DESK,
    "consult.start": _DESK,
    "consult.complete": _DESK,
    "consult.cancel": _DESK,
    "consult.three_way": _DESK,
    "wrapup.extend": _DESK,
    "record.pause": _DESK,
    "record.resume": _DESK,
}
"""Commands by name. `softphone.mint`, `wrapup.finish` and `wrapup.owner` are not among them: REST routes send them, after checks
of their own."""

MESSAGES: Mapping[str, frozenset[Role]] = {
    "ack": frozenset(Role),
    "beat": frozenset(Role),
    "leave": frozenset(Role),
    "command": frozenset(Role),  # then by COMMANDS
}
"""Messages of a page by type."""


def may_command(role: Role, name: str) -> bool:
    """A name that is not in the table is nobody's."""
    return role in COMMANDS.get(name, frozenset())
