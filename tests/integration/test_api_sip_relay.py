"""The SIP relay of a running api, before a small WebSocket server that plays Asterisk."""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import dataclass, field

import pytest
from websockets.asyncio.client import connect
from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed, InvalidStatus

from tests.support.bus import until
from tests.support.live_api import closed_within_five_seconds, running_api
from tests.support.ports import free_port

REGISTER = "REGISTER sip:carillon.invalid SIP/2.0\r\nVia: SIP/2.0/WS x.invalid\r\n\r\n"


@dataclass
class FakeAsterisk:
    """Answers each message with 200 and remembers what came on which socket."""

    sockets: list[ServerConnection] = field(default_factory=list)
    heard: list[str | bytes] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    answer: str = "SIP/2.0 200 OK\r\n\r\n"

    async def serve(self, socket: ServerConnection) -> None:
        self.sockets.append(socket)
        self.paths.append(socket.request.path)
        async for message in socket:
            self.heard.append(message)
            await socket.send(self.answer)


@pytest.fixture
async def asterisk():
    return FakeAsterisk()


@pytest.fixture
async def api(tmp_path, asterisk):
    base = free_port()  # Asterisk's HTTP is the fourth of the ten ports
    upstream = serve(asterisk.serve, "127.0.0.1", base + 3, subprotocols=["sip"], compression=None)
    async with upstream, running_api(tmp_path, port_base=base) as live:
        yield live


def url(api) -> str:
    return f"ws://127.0.0.1:{api.settings.console_port}/sip"


def sip(api, cookie: str = "", *, origin: str | None = "own", subprotocols=("sip",), **headers: str):
    """A browser's socket."""
    headers = {**({"Cookie": cookie} if cookie else {}), **headers}
    own = api.origin if origin == "own" else origin
    return connect(url(api), origin=own, subprotocols=subprotocols, additional_headers=headers, proxy=None, compression=None)


async def refused_with(socket) -> int:
    with pytest.raises(InvalidStatus) as refused:
        await socket
    return refused.value.response.status_code


async def test_messages_pass_both_ways_as_they_are(api, asterisk):
    browser = await api.browser("agent")
    async with sip(api, browser.cookie) as socket:
        assert socket.subprotocol == "sip"
        await socket.send(REGISTER)
        assert await socket.recv() == asterisk.answer
    assert asterisk.heard == [REGISTER]
    assert asterisk.paths == ["/ws"]


async def test_without_a_session_it_is_403_before_the_socket_opens(api, asterisk):
    assert await refused_with(sip(api)) == 403
    assert await refused_with(sip(api, "carillon_session=forged")) == 403
    assert asterisk.sockets == []


@pytest.mark.parametrize("origin", [None, "http://evil.example", "null"])
async def test_a_wrong_or_missing_origin_is_403(api, asterisk, origin):
    browser = await api.browser("agent")
    assert await refused_with(sip(api, browser.cookie, origin=origin)) == 403
    assert asterisk.sockets == []


async def test_without_the_subprotocol_it_is_403(api, asterisk):
    browser = await api.browser("agent")
    assert await refused_with(sip(api, browser.cookie, subprotocols=None)) == 403
    assert asterisk.sockets == []


@pytest.mark.parametrize("login", ["supervisor", "coordinator", "field_engineer", "admin"])
async def test_who_has_no_desk_gets_no_sip(api, asterisk, login):
    browser = await api.browser(login)
    assert await refused_with(sip(api, browser.cookie)) == 403
    assert asterisk.sockets == []


async def test_a_software_agent_with_a_bearer_token_passes_without_an_origin(api):
    bearer = await api.bearer("agent")
    async with sip(api, origin=None, Authorization=bearer.headers["Authorization"]) as socket:
        await socket.send(REGISTER)
        assert await socket.recv()


async def test_the_command_lines_key_opens_no_sip(api):
    assert await refused_with(sip(api, origin=None, Authorization=f"Bearer {api.cli_token}")) == 403


async def test_a_binary_frame_is_sent_on_as_text(api, asterisk):
    browser = await api.browser("agent")
    async with sip(api, browser.cookie) as socket:
        await socket.send(REGISTER.encode())
        await socket.recv()
    assert asterisk.heard == [REGISTER]


async def test_text_that_is_not_utf8_is_mended_and_costs_nobody_his_socket(api, asterisk):
    browser = await api.browser("agent")
    async with sip(api, browser.cookie) as socket:
        await until(lambda: bool(asterisk.sockets))
        await asterisk.sockets[0].send(b'INVITE sip:x SIP/2.0\r\nFrom: "M\xfcller"\r\n\r\n', text=True)
        assert await socket.recv() == 'INVITE sip:x SIP/2.0\r\nFrom: "M\ufffdller"\r\n\r\n'


async def test_a_message_above_32_kib_ends_the_socket_with_1009(api, asterisk):
    browser = await api.browser("agent")
    async with sip(api, browser.cookie) as socket:
        await socket.send("x" * (32 * 1024))
        await socket.recv()
        await socket.send("x" * (32 * 1024 + 1))
        await socket.wait_closed()
    assert socket.close_code == 1009
    assert len(asterisk.heard) == 1


async def test_the_pages_end_ends_its_line_to_asterisk_at_once(api, asterisk):
    browser = await api.browser("agent")
    async with sip(api, browser.cookie):
        await until(lambda: bool(asterisk.sockets))
    await until(lambda: asterisk.sockets[0].state.name == "CLOSED", 8)
    await until(lambda: api.deps.relay.actors() == {})


async def test_asterisks_end_is_1012_for_the_page(api, asterisk):
    browser = await api.browser("agent")
    async with sip(api, browser.cookie) as socket:
        await until(lambda: bool(asterisk.sockets))
        asterisk.sockets[0].transport.abort()
        await socket.wait_closed()
    assert socket.close_code == 1012


async def test_without_asterisk_the_page_is_told_to_try_later(tmp_path):
    async with running_api(tmp_path) as api:
        browser = await api.browser("agent")
        async with sip(api, browser.cookie) as socket:
            await socket.wait_closed()
        assert socket.close_code == 1013


async def test_log_out_closes_the_sip_socket_and_kills_the_account_first(api, asterisk):
    browser = await api.browser("agent")
    alive_at_logout = []

    async def note(_command):
        alive_at_logout.append(socket.close_code is None)

    api.core.answers["agent.logout"] = note
    cookie = browser.cookie
    async with sip(api, cookie) as socket:
        await until(lambda: bool(asterisk.sockets))
        await browser.post("/logout")
        async with asyncio.timeout(5):
            await socket.wait_closed()
    assert socket.close_code == 1008
    assert alive_at_logout[0]
    assert await refused_with(sip(api, cookie)) == 403


async def test_a_session_ended_elsewhere_closes_the_sip_socket_within_five_seconds(api, asterisk):
    browser = await api.browser("agent")
    async with sip(api, browser.cookie) as socket:
        await until(lambda: bool(asterisk.sockets))
        session = next(iter(api.deps.relay.actors()))
        async with closed_within_five_seconds(api, socket):
            await api.deps.sessions.end(session)
    assert socket.close_code == 1008


async def test_our_own_stop_is_1012_and_no_pages_end(api, asterisk):
    browser = await api.browser("agent")
    async with sip(api, browser.cookie) as socket:
        await until(lambda: bool(asterisk.sockets))
        for connection in list(api.server.server_state.connections):
            connection.shutdown()
        await socket.wait_closed()
    assert socket.close_code == 1012


async def test_a_fifth_socket_of_a_log_in_ends_its_oldest_and_nobody_elses(api, asterisk):
    browser, other = await api.browser("agent"), await api.browser("agent2")
    async with contextlib.AsyncExitStack() as stack:
        others = await stack.enter_async_context(sip(api, other.cookie))
        sockets = [await stack.enter_async_context(sip(api, browser.cookie)) for _ in range(5)]
        async with asyncio.timeout(5):
            await sockets[0].wait_closed()
        assert sockets[0].close_code == 1008
        for socket in (others, *sockets[1:]):
            await socket.send(REGISTER)
            assert await socket.recv() == asterisk.answer
        await until(lambda: asterisk.sockets[1].state.name == "CLOSED")


async def test_two_hundred_pages_have_a_line_each(api, asterisk):
    person = await api.deps.people.by_login("agent")
    opened = [await api.deps.sessions.open(person, kind="bearer", address="", user_agent="") for _ in range(50)]
    async with contextlib.AsyncExitStack() as stack:
        sockets = [
            await stack.enter_async_context(sip(api, origin=None, Authorization=f"Bearer {token}"))
            for token, _actor in opened
            for _ in range(4)
        ]
        for number, socket in enumerate(sockets):
            await socket.send(f"OPTIONS sip:{number} SIP/2.0\r\n\r\n")
        with contextlib.suppress(ConnectionClosed):
            for socket in sockets:
                assert await socket.recv() == asterisk.answer
        assert len(asterisk.sockets) == 200
        assert len(set(asterisk.heard)) == 200
