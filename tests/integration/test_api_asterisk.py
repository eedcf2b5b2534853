"""The relay of a running api before a real Asterisk: accounts of pages, impersonation, log-out."""

from __future__ import annotations

import asyncio
import contextlib
import re
import secrets

import pytest
from sqlalchemy import text
from websockets.asyncio.client import connect

from carillon.softphone.digest import Credentials
from carillon.softphone.endpoint import SipEndpoint
from carillon.softphone.registration import Registration, RegistrationRefused
from carillon.softphone.ws_transport import WsTransport
from carillon.switch.secrets import ARI_USER
from cti.ari.accounts import AriAccounts
from cti.ports.accounts import EndpointClass
from tests.support.asterisk import real_asterisk
from tests.support.live_api import running_api

__all__ = ["real_asterisk"]
pytestmark = pytest.mark.telephony
DOMAIN = "127.0.0.1"


@pytest.fixture
async def api(real_asterisk):
    """The api beside Asterisk; the core's part in accounts is played: mint, and revoke at log-out."""
    settings, minted = real_asterisk.settings, {}
    url = f"http://127.0.0.1:{settings.asterisk_http_port}"
    (settings.state / "carillon.sqlite3").unlink(missing_ok=True)
    async with (
        AriAccounts(url, ARI_USER, real_asterisk.secrets.ari) as accounts,
        running_api(settings.state, port_base=settings.port_base) as live,
    ):

        async def mint(command):
            endpoint, secret = f"w{secrets.token_hex(8)}", secrets.token_urlsafe(24)
            await accounts.mint(endpoint, secret, EndpointClass(command.args["kind"]))
            minted[command.actor.agent] = endpoint
            return {"endpoint": endpoint, "secret": secret}

        async def log_out(command):
            await accounts.revoke(minted.pop(command.actor.agent))

        live.core.answers |= {"softphone.mint": mint, "agent.logout": log_out}
        yield live


@contextlib.asynccontextmanager
async def desk(api, login: str):
    """A logged-in browser with its page open and a fresh account."""
    browser = await api.browser(login)
    async with browser.page() as page:
        page_id = (await page.next("snapshot"))["page"]
        answer = await browser.post("/softphone", {"page": page_id})
        assert answer.status_code == 200, answer.text
        yield browser, answer.json()


async def registers(url: str, account: dict, **how) -> int:
    """0, or the code of the refusal."""
    sip = SipEndpoint()
    async with WsTransport(url, sip.receive, **how) as transport:
        sip.attach(transport)
        pump = asyncio.ensure_future(transport.run())
        try:
            await Registration(sip, Credentials(account["endpoint"], account["secret"]), DOMAIN).register()
        except RegistrationRefused as refused:
            return refused.code
        finally:
            pump.cancel()
            await asyncio.gather(pump, return_exceptions=True)
            sip.close()
    return 0


def relay(api) -> str:
    return f"ws://127.0.0.1:{api.settings.console_port}/sip"


def straight(api) -> str:
    return f"ws://127.0.0.1:{api.settings.asterisk_http_port}/ws"


async def test_a_page_registers_through_the_relay_with_its_fresh_account(api):
    async with desk(api, "agent") as (browser, account):
        how = {"headers": {"Cookie": browser.cookie}, "origin": api.origin}
        assert await registers(relay(api), account, **how) == 0
        assert await registers(relay(api), account | {"secret": "x" * 32}, **how) in {401, 403}


def invite(claimed: str) -> str:
    unique = secrets.token_hex(6)
    return (
        f"INVITE sip:4001@{DOMAIN} SIP/2.0\r\nVia: SIP/2.0/WS {unique}.invalid;branch=z9hG4bK{unique}\r\nMax-Forwards: 70\r\n"
        f"From: {claimed};tag={unique}\r\nTo: <sip:4001@{DOMAIN}>\r\nCall-ID: {unique}\r\nCSeq: 1 INVITE\r\n"
        f"Contact: <sip:x@{unique}.invalid;transport=ws>\r\nContent-Length: 0\r\n\r\n"
    )


async def answer_to(socket, message: str) -> int:
    """The final answer's code."""
    await socket.send(message)
    async with asyncio.timeout(5):
        while True:
            code = int(re.match(r"SIP/2\.0 (\d+)", str(await socket.recv())).group(1))
            if code >= 200:
                return code


@pytest.mark.parametrize("claim", ["trunk", "another agent", "nobody", "himself", "anonymous", "trunk's address"])
async def test_a_logged_in_page_that_claims_to_be_somebody_gets_401(api, claim):
    async with desk(api, "agent") as (browser, own), desk(api, "agent2") as (_, other):
        claimed = {
            "trunk": f"<sip:trunk@{DOMAIN}>",
            "another agent": f"<sip:{other['endpoint']}@{DOMAIN}>",
            "nobody": f"<sip:nobody@{DOMAIN}>",
            "himself": f"<sip:{own['endpoint']}@{DOMAIN}>",  # true, but without his secret
            "anonymous": "Anonymous <sip:anonymous@anonymous.invalid>",
            "trunk's address": "<sip:13800138000@127.0.0.2>",
        }[claim]
        headers = {"Cookie": browser.cookie}
        async with connect(relay(api), origin=api.origin, subprotocols=["sip"], additional_headers=headers, proxy=None) as socket:
            assert await answer_to(socket, invite(claimed)) == 401


async def test_the_secret_is_dead_within_five_seconds_of_log_out(api):
    async with desk(api, "agent") as (browser, account):
        assert await registers(straight(api), account) == 0
        assert (await browser.post("/logout")).status_code == 204
        async with asyncio.timeout(5):
            while (answer := await registers(straight(api), account)) == 0:  # noqa: ASYNC110 - asked of Asterisk itself
                await asyncio.sleep(0.1)
        assert answer in {401, 403}


async def test_a_disabled_accounts_secret_is_dead_within_five_seconds(api):
    async with desk(api, "agent") as (_, account):
        async with api.deps.uow.write() as session:
            await session.execute(text("UPDATE users SET disabled = 1 WHERE login = 'agent'"))
        async with asyncio.timeout(5):
            while await registers(straight(api), account) == 0:  # noqa: ASYNC110 - asked of Asterisk itself
                await asyncio.sleep(0.1)
