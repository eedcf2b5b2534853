"""Logging in and out on a running api."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from datetime import timedelta

import pytest
from prometheus_client import REGISTRY
from sqlalchemy import select, text, update

from agent_console.server.models import AuditEntry, WebSession
from cti.bus.local import LocalBusServer
from storage.errors import DatabaseAway
from tests.support.bus import RecordingCore, until
from tests.support.live_api import PASSWORD, closed_within_five_seconds, running_api


async def test_log_in_gives_a_session_a_strict_cookie_and_a_csrf_token(api):
    browser = await api.browser()
    answer = await browser.http.post(
        "/api/v1/login", json={"login": "agent", "password": PASSWORD}, headers={"Origin": api.origin}
    )
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    assert cookie.startswith("carillon_session=")
    said = answer.json()
    assert said["user"]["role"] == "agent"
    assert said["agent"] == {"id": "agt-agent", "number": "1000"}
    assert said["csrf"]


async def test_the_database_keeps_no_token(api):
    browser = await api.browser("agent")
    token = browser.http.cookies["carillon_session"]
    async with api.deps.uow.read() as session:
        rows = list((await session.execute(select(WebSession))).scalars())
    assert len(rows) == 1
    assert token not in {rows[0].id, rows[0].csrf}


async def test_a_wrong_password_says_only_wrong_login(api):
    browser = await api.browser()
    for login in ("agent", "nobody"):
        answer = await browser.http.post(
            "/api/v1/login", json={"login": login, "password": "wrong-password"}, headers={"Origin": api.origin}
        )
        assert (answer.status_code, answer.json()) == (401, {"error": {"code": "wrong_login", "params": {}}})


async def test_a_new_log_in_has_a_new_session_and_ends_the_old_one(api):
    browser = await api.browser("agent")
    first = browser.http.cookies["carillon_session"]
    await browser.log_in("agent")
    assert browser.http.cookies["carillon_session"] != first
    old = await api.client(Cookie=f"carillon_session={first}")
    assert (await old.get("/api/v1/session")).status_code == 401


async def test_after_ten_failures_the_account_is_refused_from_this_address_even_with_the_right_password(api):
    http = await api.client(Origin=api.origin)
    for _ in range(10):
        assert (await http.post("/api/v1/token", json={"login": "agent", "password": "wrong-password"})).status_code == 401
    answer = await http.post("/api/v1/token", json={"login": "agent", "password": PASSWORD})
    assert answer.status_code == 429
    assert answer.json()["error"]["code"] == "too_many_attempts"
    assert int(answer.headers["retry-after"]) > 800
    assert (await http.post("/api/v1/token", json={"login": "agent2", "password": PASSWORD})).status_code == 200


@pytest.mark.parametrize("path", ["/api/v1/token", "/api/v1/login"])
async def test_a_burst_above_the_limit_is_one_line_of_the_audit_and_a_number(api, path):
    http = await api.client(Origin=api.origin)
    before = REGISTRY.get_sample_value("carillon_login_refused_total")
    for _ in range(16):
        await http.post(path, json={"login": "agent", "password": "wrong-password"})
    async with api.deps.uow.read() as session:
        results = list((await session.execute(select(AuditEntry.result))).scalars())
    assert [results.count(code) for code in ("wrong_login", "too_many_attempts")] == [10, 1]
    assert REGISTRY.get_sample_value("carillon_login_refused_total") == before + 6


async def test_log_out_ends_session_sockets_and_the_agents_shift(api):
    browser = await api.browser("agent")
    async with browser.page() as page:
        await page.next("snapshot")
        assert (await browser.post("/logout")).status_code == 204
        await until(lambda: page.socket.close_code is not None or page.socket.state.name == "CLOSED", 5)
        await page.socket.wait_closed()
        assert page.socket.close_code == 4001
    assert [c.name for c in api.core.commands] == ["agent.logout"]
    assert (await browser.get("/session")).status_code == 401


async def test_a_core_that_was_away_at_log_out_is_told_when_it_is_back(tmp_path):

    async with running_api(tmp_path, with_core=False) as api:
        browser = await api.browser("agent")
        assert (await browser.post("/logout")).status_code == 204
        core, bus = RecordingCore(), LocalBusServer(api.settings.bus_socket, "e2")
        async with asyncio.TaskGroup() as group:
            task = group.create_task(bus.run(core))
            await until(lambda: bool(core.commands))
            assert [(c.name, c.actor.agent) for c in core.commands] == [("agent.logout", "agt-agent")]
            task.cancel()


async def test_a_disabled_account_is_out_within_five_seconds(api):
    browser = await api.browser("agent")
    async with browser.page() as page:
        await page.next("snapshot")
        async with closed_within_five_seconds(api, page.socket), api.deps.uow.write() as session:
            await session.execute(text("UPDATE users SET disabled = 1 WHERE login = 'agent'"))
        assert page.socket.close_code == 4001
    assert (await browser.get("/session")).status_code == 401


async def test_log_in_failure_and_log_out_are_audited_and_the_chain_holds(api):
    browser = await api.browser("agent")
    await browser.http.post("/api/v1/login", json={"login": "agent", "password": "x"}, headers={"Origin": api.origin})
    await browser.post("/logout")
    async with api.deps.uow.read() as session:
        rows = list((await session.execute(select(AuditEntry).order_by(AuditEntry.seq))).scalars())
    assert [(row.action, row.result) for row in rows] == [("login", "ok"), ("login.failed", "wrong_login"), ("logout", "ok")]
    assert await api.deps.audit.first_broken() is None


async def test_a_bearer_token_is_no_cookie_and_a_cookie_no_bearer(api):
    bearer = await api.bearer("agent")
    token = bearer.headers["Authorization"].split()[1]
    assert (await bearer.get("/api/v1/session")).status_code == 200
    as_cookie = await api.client(Cookie=f"carillon_session={token}")
    assert (await as_cookie.get("/api/v1/session")).status_code == 401
    browser = await api.browser("agent")
    as_bearer = await api.client(Authorization=f"Bearer {browser.http.cookies['carillon_session']}")
    assert (await as_bearer.get("/api/v1/session")).status_code == 401


async def test_a_database_that_is_away_keeps_known_sessions_working(api, monkeypatch):
    browser = await api.browser("agent")
    assert (await browser.get("/session")).status_code == 200

    def away():
        raise DatabaseAway("gone")

    monkeypatch.setattr(api.deps.sessions, "_uow", _Away())
    api.deps.sessions._known[next(iter(api.deps.sessions._known))].at -= 60
    assert (await browser.get("/session")).status_code == 200
    other = await api.client(Cookie="carillon_session=unknown")
    answer = await other.get("/api/v1/session")
    assert (answer.status_code, answer.json()["error"]["code"]) == (503, "database_away")


class _Away:
    """A unit of work on a database that does not answer."""

    @contextlib.asynccontextmanager
    async def read(self):
        raise DatabaseAway("gone")
        yield

    write = read


async def test_an_answer_never_waits_for_a_delayed_acknowledgement(api):
    browser = await api.browser("agent")
    await browser.get("/session")
    sockets = [connection.transport.get_extra_info("socket") for connection in api.server.server_state.connections]
    assert [sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) != 0 for sock in sockets] == [True]


@pytest.mark.parametrize(("login", "status"), [("supervisor", 401), ("coordinator", 401), ("admin", 401), ("agent", 200)])
async def test_who_did_nothing_for_half_an_hour_is_out_but_an_agent_has_his_shift(api, login, status):
    browser = await api.browser(login)
    await age(api, minutes=31)
    assert (await browser.get("/session")).status_code == status


@pytest.mark.parametrize("login", ["agent", "supervisor"])
async def test_nobody_stays_longer_than_twelve_hours_whatever_he_does(api, login):
    browser = await api.browser(login)
    async with api.deps.uow.write() as session:
        await session.execute(update(WebSession).values(expires_at=api.deps.clock.now()))
    api.deps.sessions._known.clear()
    assert (await browser.get("/session")).status_code == 401


async def idle(api) -> timedelta:
    async with api.deps.uow.read() as session:
        return api.deps.clock.now() - (await session.execute(select(WebSession.seen_at))).scalar_one()


async def test_a_page_left_alone_keeps_nobody_in_however_much_it_reads(api):
    browser = await api.browser("supervisor")
    await age(api, minutes=29)
    for path in ("/session", "/queues", "/tickets", "/session"):
        assert (await browser.get(path)).status_code == 200
    assert (await browser.http.get("/")).status_code in {200, 503}
    await browser.ticket()  # as it does by itself when its line broke
    assert await idle(api) > timedelta(minutes=28)


async def test_a_deed_keeps_a_supervisor_in(api):
    browser = await api.browser("supervisor")
    await age(api, minutes=29)
    await browser.post("/callbacks", {"number": "13800138000", "due_at": "2036-01-01T00:00:00Z"})
    assert await idle(api) < timedelta(minutes=1)


async def test_a_forged_deed_keeps_nobody_in(api):
    browser = await api.browser("supervisor")
    await age(api, minutes=29)
    browser.csrf = "guessed"
    assert (await browser.post("/callbacks", {})).json()["error"]["code"] == "bad_csrf"
    assert await idle(api) > timedelta(minutes=28)


async def test_a_program_that_only_reads_stays_signed_in(api):
    http = await api.bearer("supervisor")
    await age(api, minutes=29)
    await http.get("/api/v1/session")
    assert await idle(api) < timedelta(minutes=1)


async def test_touching_the_page_keeps_a_supervisor_in(api, monkeypatch):
    monkeypatch.setattr("agent_console.server.watch.SEEN_EVERY", 1)
    browser = await api.browser("supervisor")
    async with browser.page() as page:
        await page.next("snapshot")
        before = api.deps.clock.now()
        await page.say(type="beat", active=True)

        async def seen():
            async with api.deps.uow.read() as session:
                return (await session.execute(select(WebSession.seen_at))).scalar_one()

        async with asyncio.timeout(8):
            while await seen() < before:  # noqa: ASYNC110 - the database tells no event
                await asyncio.sleep(0.05)


async def age(api, *, minutes: int) -> None:
    """As if nothing had been done for so long."""
    async with api.deps.uow.write() as session:
        await session.execute(update(WebSession).values(seen_at=api.deps.clock.now() - timedelta(minutes=minutes)))
    api.deps.sessions._known.clear()
