"""Log-in, log-out, who am I, tickets for the socket, the one-time link of the first administrator."""

from __future__ import annotations

import re
from contextlib import suppress
from typing import Annotated

from fastapi import APIRouter, Request, Response
from prometheus_client import Counter
from pydantic import BaseModel, StringConstraints

from agent_console.server.actor import Actor
from agent_console.server.auth import Who, address_of, is_loopback
from agent_console.server.deps import Deps, Has
from agent_console.server.errors import ApiError
from agent_console.server.policy import ANY, ANY_PAGE, PUBLIC, allow
from agent_console.server.resources.schemas import Strict
from crm_core.people.service import Person, SetupRefused
from storage.errors import DatabaseAway, Duplicate

ROUTES = APIRouter(tags=["session"])

Login = Annotated[str, StringConstraints(min_length=1, max_length=64, pattern=r"^[^\x00-\x1f\x7f]+$")]
Password = Annotated[str, StringConstraints(min_length=1, max_length=1024)]
REFUSED = Counter("carillon_login_refused_total", "Log-in attempts refused unseen because there were too many before")
PAGE_ID = re.compile(r"^pg-[0-9a-f]{32}$")


class LogIn(Strict):
    """What a person types."""

    login: Login
    password: Password


class SetUp(LogIn):
    """The first administrator, by the link that `bin/up --empty` printed."""

    token: Annotated[str, StringConstraints(min_length=1, max_length=128)]
    name: Annotated[str, StringConstraints(min_length=1, max_length=100, pattern=r"^[^\x00-\x1f\x7f]+$")]


class User(BaseModel):
    """A person, as he may see himself."""

    id: str
    login: str
    name: str
    role: str
    team: str | None
    language: str


class AgentOfUser(BaseModel):
    """The person at work."""

    id: str
    number: str


class SessionAnswer(BaseModel):
    """`csrf` goes back in `X-CSRF-Token` with everything that changes something."""

    user: User
    agent: AgentOfUser | None
    csrf: str
    demo: bool


class Token(BaseModel):
    """For the command line and software agents: at most 12 hours."""

    token: str


class TicketAsked(Strict):
    """A page that comes back after a broken line gives its id and stays that page."""

    page: str = ""


class StreamTicket(BaseModel):
    """Single use, 30 s."""

    ticket: str


def session_answer(actor: Actor) -> SessionAnswer:
    """What `GET /session` says."""
    user = User(
        id=actor.user, login=actor.login, name=actor.name, role=actor.role.value, team=actor.team, language=actor.language
    )
    agent = AgentOfUser(id=actor.agent, number=actor.number) if actor.agent else None
    return SessionAnswer(user=user, agent=agent, csrf=actor.csrf, demo=actor.demo)


async def _authenticate(deps: Deps, request: Request, said: LogIn) -> Person:
    """Raise wrong_login, too_many_attempts, demo_local_only. Each checked attempt is audited; a failure's log-in name is not."""
    address = address_of(request)
    wait = deps.guessing.enter(said.login, address)
    if wait:
        REFUSED.inc()
        if deps.guessing.newly_refused(said.login, address):
            await _audit_failure(deps, address, "too_many_attempts")
        raise ApiError("too_many_attempts", headers={"Retry-After": str(wait)}, seconds=wait)
    person = await deps.people.authenticate(said.login, said.password)
    if person is None:
        await _audit_failure(deps, address, "wrong_login")
        raise ApiError("wrong_login")
    deps.guessing.succeeded(said.login, address)
    if person.demo and not deps.config.demo_remote and not is_loopback(address):
        await _audit_failure(deps, address, "demo_local_only", person.id)
        raise ApiError("demo_local_only")
    return person


async def _audit_failure(deps: Deps, address: str, code: str, user: str = "") -> None:
    await deps.audit.record("login.failed", about=user, result=code, address=address)


async def _open(deps: Deps, request: Request, person: Person, kind: str) -> tuple[str, Actor]:
    address = address_of(request)
    agent = request.headers.get("user-agent", "")
    try:
        token, actor = await deps.sessions.open(person, kind=kind, address=address, user_agent=agent)
    except LookupError:
        raise ApiError("wrong_login") from None
    await deps.audit.record("login", actor, address=address, data={"kind": kind})
    return token, actor


def _set_cookie(deps: Deps, response: Response, token: str) -> None:
    response.set_cookie(deps.config.cookie, token, httponly=True, samesite="strict", secure=deps.config.tls, path="/")


@ROUTES.post("/login", dependencies=allow(PUBLIC))
async def log_in(said: LogIn, request: Request, response: Response, deps: Has) -> SessionAnswer:
    """A new session id each time; an older one of the same browser ends (no session fixation)."""
    deps.auth.check_origin(request)
    person = await _authenticate(deps, request, said)
    older = request.cookies.get(deps.config.cookie)
    token, actor = await _open(deps, request, person, "cookie")
    if older:
        await _end_older(deps, older, actor)
    _set_cookie(deps, response, token)
    return session_answer(actor)


async def _end_older(deps: Deps, token: str, now: Actor) -> None:
    before = await deps.sessions.actor(token)
    if before is not None and before.session != now.session:
        await deps.sessions.end(before.session)
        if before.user != now.user:
            deps.watch.ended(before)
        else:
            deps.watch.close(before)


@ROUTES.post("/token", dependencies=allow(PUBLIC))
async def token(said: LogIn, request: Request, deps: Has) -> Token:
    """A bearer token; never for a browser, which has the cookie."""
    person = await _authenticate(deps, request, said)
    made, _actor = await _open(deps, request, person, "bearer")
    return Token(token=made)


@ROUTES.post("/logout", dependencies=allow(ANY), status_code=204)
async def log_out(actor: Who, request: Request, response: Response, deps: Has) -> None:
    """The session, its sockets and the softphone's account die now."""
    if await deps.sessions.end(actor.session):
        await deps.departures.leave(actor)
        with suppress(DatabaseAway):  # nobody is kept logged in for the audit's sake
            await deps.audit.record("logout", actor, address=address_of(request))
    deps.watch.ended(actor)
    response.delete_cookie(deps.config.cookie, httponly=True, samesite="strict", secure=deps.config.tls, path="/")


@ROUTES.get("/session", dependencies=allow(ANY))
async def session(actor: Who) -> SessionAnswer:
    """Who am I."""
    return session_answer(actor)


@ROUTES.post("/stream-ticket", dependencies=allow(ANY_PAGE))
async def stream_ticket(actor: Who, deps: Has, asked: TicketAsked | None = None) -> StreamTicket:
    """For `GET /stream?ticket=…`."""
    page = asked.page if asked else ""
    if page and not PAGE_ID.match(page):
        raise ApiError("invalid_value", field="page")
    return StreamTicket(ticket=deps.stream_tickets.issue(actor.session, page, bearer=actor.kind == "bearer"))


@ROUTES.post("/setup", dependencies=allow(PUBLIC))
async def set_up(said: SetUp, request: Request, response: Response, deps: Has) -> SessionAnswer:
    """Make the first administrator and log him in."""
    deps.auth.check_origin(request)
    address = address_of(request)
    wait = deps.guessing.enter("setup", address)
    if wait:
        raise ApiError("too_many_attempts", headers={"Retry-After": str(wait)}, seconds=wait)
    try:
        person = await deps.people.create_admin(
            token=said.token, login=said.login, name=said.name, password=said.password, now=deps.clock.now()
        )
    except (SetupRefused, Duplicate):
        await _audit_failure(deps, address, "setup_refused")
        raise
    deps.guessing.succeeded("setup", address)
    made, actor = await _open(deps, request, person, "cookie")
    await deps.audit.record("admin.created", actor, about=person.id, address=address)
    _set_cookie(deps, response, made)
    return session_answer(actor)
