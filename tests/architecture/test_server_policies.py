"""Default deny: every route, socket and socket message declares who may use it, and the matrix of roles holds."""

from __future__ import annotations

import inspect
import re

import pytest
import pytest_asyncio
from fastapi import APIRouter, FastAPI
from starlette.routing import Route

from agent_console.server.policy import ANY, COMMANDS, MESSAGES, PUBLIC, Undeclared, allow, check_declared, policies
from crm_core.people.service import Role
from cti.services import commands
from tests.support.live_api import LOGINS, ROLES, running_api

# What needs no log-in, and nothing else does. The stream's ticket and loopback addresses are checks of their own.
OPEN = {
    ("POST", "/api/v1/login"),
    ("POST", "/api/v1/token"),
    ("POST", "/api/v1/setup"),
    ("GET", "/api/v1/health"),
    ("GET", "/api/v1/metrics"),
    ("WS", "/api/v1/stream"),
    ("GET", "/{path:path}"),
}


one_loop = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def api(tmp_path_factory):
    async with running_api(tmp_path_factory.mktemp("api")) as live:
        yield live


@one_loop
async def test_every_route_and_socket_declares_exactly_one_policy(api):
    found = policies(api.api.app)
    assert len(found) > 40
    assert [(method, path) for method, path, policy in found if policy is None] == []


@one_loop
async def test_only_the_listed_routes_need_no_log_in(api):
    public = {(method, path) for method, path, policy in policies(api.api.app) if policy.roles is None}
    assert public == OPEN


def test_an_app_with_an_undeclared_route_is_refused():
    app, routes = FastAPI(openapi_url=None), APIRouter()

    @routes.get("/declared", dependencies=allow(ANY))
    async def declared(): ...

    @routes.get("/forgotten")
    async def forgotten(): ...

    app.include_router(routes)
    with pytest.raises(Undeclared, match="GET /forgotten"):
        check_declared(app)


def test_an_app_with_an_undeclared_socket_is_refused():
    app = FastAPI(openapi_url=None)

    @app.websocket("/ws")
    async def socket(): ...

    with pytest.raises(Undeclared, match="WS /ws"):
        check_declared(app)


def test_a_route_that_is_not_fastapis_own_is_refused_too():
    app = FastAPI(openapi_url=None, routes=[Route("/plain", lambda request: None)])
    with pytest.raises(Undeclared, match="/plain"):
        check_declared(app)


def test_two_policies_on_one_route_are_a_mistake():
    app = FastAPI(openapi_url=None)

    @app.get("/both", dependencies=allow(ANY) + allow(PUBLIC))
    async def both(): ...

    with pytest.raises(Undeclared):
        check_declared(app)


def test_every_socket_message_and_command_names_known_roles():
    assert set(MESSAGES) == {"ack", "beat", "leave", "command"}
    for allowed in (*MESSAGES.values(), *COMMANDS.values()):
        assert allowed
        assert allowed <= set(Role)


def test_the_commands_of_the_core_are_the_commands_of_the_sockets():
    """Nobody adds a command to the core without deciding who may send it; three go through routes of their own."""
    names = set(re.findall(r'"([a-z]+\.[a-z_]+)": self\.', inspect.getsource(commands.Commands)))
    assert names - set(COMMANDS) == {"softphone.mint", "wrapup.finish", "wrapup.owner"}
    assert set(COMMANDS) <= names


def _address(path: str) -> str:
    return re.sub(r"\{[^}]+\}", "00000000-0000-4000-8000-000000000000", path)


@one_loop
@pytest.mark.parametrize("role", [*ROLES, "nobody"])
async def test_role_by_route_gives_no_unexpected_answer(api, role):
    """Each route is asked by each role with a session, Origin and token that are right: who is not in its policy gets 403."""
    browser = await api.browser("" if role == "nobody" else role)
    wrong = []
    for method, path, policy in policies(api.api.app):
        if method in {"WS", "HEAD"} or policy.roles is None or path.endswith("/logout"):
            continue
        answer = await browser.http.request(method, _address(path), json={}, headers=browser.headers)
        code = answer.json()["error"]["code"] if answer.status_code >= 400 else ""
        if policy.cli or role == "nobody":
            expected = code == "not_signed_in"
        elif Role(role) in policy.roles:
            expected = code not in {"not_allowed", "not_signed_in", "bad_csrf", "bad_origin", "internal"}
        else:
            # A body that is no JSON object of the route is refused first in some; never a success, never a fault of ours.
            expected = code == "not_allowed"
        if not expected:
            wrong.append((method, path, answer.status_code, code))
    assert wrong == []


@one_loop
async def test_every_change_by_cookie_needs_the_token_and_a_good_origin(api):
    browser = await api.browser("agent")
    right = browser.headers
    wrong = []
    for method, path, policy in policies(api.api.app):
        if method in {"WS", "GET", "HEAD"} or policy.roles is None or Role.AGENT not in policy.roles:
            continue
        for headers in (
            {},
            {"Origin": right["Origin"]},
            {"X-CSRF-Token": right["X-CSRF-Token"]},
            {**right, "X-CSRF-Token": "wrong"},
            {**right, "Origin": "http://evil.example"},
            {**right, "Origin": "null"},
        ):
            answer = await browser.http.request(method, _address(path), json={}, headers=headers)
            if answer.status_code != 403 or answer.json()["error"]["code"] not in {"bad_csrf", "bad_origin"}:
                wrong.append((method, path, headers, answer.status_code))
    assert wrong == []


@one_loop
async def test_the_public_changes_need_a_good_origin_where_they_set_a_cookie(api):
    http = await api.client()
    for path in ("/login", "/setup"):
        body = {"login": "agent", "password": "x", **({"token": "t", "name": "n"} if path == "/setup" else {})}
        for headers in ({}, {"Origin": "http://evil.example"}):
            answer = await http.post(f"/api/v1{path}", json=body, headers=headers)
            assert (answer.status_code, answer.json()["error"]["code"]) == (403, "bad_origin")


@one_loop
async def test_nobody_sets_what_he_was_not_asked_for(api):
    """CWE-915: unknown fields are refused, on every route that takes a body."""
    schemas = api.api.app.openapi()["components"]["schemas"]
    bodies = {
        operation["requestBody"]["content"]["application/json"]["schema"].get("$ref", "").rpartition("/")[2]
        for path in api.api.app.openapi()["paths"].values()
        for operation in path.values()
        if "requestBody" in operation
    } - {""}
    loose = {name for name in bodies if schemas[name].get("additionalProperties") is not False}
    assert loose <= {"CheckResult"}  # what a page measures is bounded in its own way


def test_the_matrix_knows_every_role():
    assert {Role(role) for role in ROLES} == set(Role)
    assert len(LOGINS) == 12


@one_loop
@pytest.mark.parametrize(
    "path",
    ["//api/v1/session", "/api//v1/session", "/API/v1/session", "/api/v1/session/", "/api/v1/%73ession", "/api/v1/x/../session"],
)
async def test_another_spelling_of_an_address_opens_nothing(api, path):
    http = await api.client()
    answer = await http.request("GET", path)
    console_page = answer.headers["content-type"].startswith("text/")  # any address of its own routes; 503 when it is not built
    assert console_page or answer.status_code in {307, 401, 404}
    assert "csrf" not in answer.text
