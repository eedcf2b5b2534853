"""Softphone accounts on a real Asterisk: minted, used by SIP over WebSocket as a page does, and dead at log-out."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import re
import secrets
from pathlib import Path

import pytest

from carillon.softphone.agent_phone import AgentPhone, Line
from carillon.softphone.call import CallState, NoMedia, SipCall
from carillon.softphone.digest import Credentials
from carillon.softphone.endpoint import SipEndpoint
from carillon.softphone.registration import Registration, RegistrationRefused
from carillon.softphone.sip import name_addr, sip_uri
from carillon.softphone.transport import UdpTransport
from carillon.softphone.ws_transport import WsTransport
from carillon.switch.secrets import ARI_USER
from cti.agi.server import AgiServer
from cti.ari.accounts import AriAccounts
from cti.ports.accounts import EndpointClass
from cti.ports.telephony import BridgeEntered, ContactChanged, InvalidValue, MusicStarted, Place, SwitchUnavailable, SwitchUp
from tests.contract.stage import Caller, Heard, decide_hold, gateway_to, listening, running
from tests.support.asterisk import real_asterisk

__all__ = ["real_asterisk"]
pytestmark = pytest.mark.telephony

DOMAIN = "127.0.0.1"


@pytest.fixture
async def accounts(real_asterisk):
    url = f"http://127.0.0.1:{real_asterisk.settings.asterisk_http_port}"
    async with AriAccounts(url, ARI_USER, real_asterisk.secrets.ari) as made:
        yield made


@pytest.fixture
def name():
    return f"w{secrets.token_hex(6)}"


def url(real) -> str:
    return f"ws://127.0.0.1:{real.settings.asterisk_http_port}/ws"


async def registers(real, endpoint: str, secret: str) -> int:
    """0, or the code that the registration was refused with."""
    sip = SipEndpoint()
    transport = WsTransport(url(real), sip.receive)
    async with transport:
        sip.attach(transport)
        pump = asyncio.ensure_future(transport.run())
        try:
            await Registration(sip, Credentials(endpoint, secret), DOMAIN).register()
        except RegistrationRefused as refused:
            return refused.code
        finally:
            pump.cancel()
            await asyncio.gather(pump, return_exceptions=True)
            sip.close()
    return 0


@pytest.mark.parametrize("kind", list(EndpointClass))
async def test_a_minted_account_registers_with_its_secret_only(real_asterisk, accounts, name, kind):
    secret = secrets.token_urlsafe(20)
    await accounts.mint(name, secret, kind)
    assert await registers(real_asterisk, name, secret) == 0
    assert await registers(real_asterisk, name, secrets.token_urlsafe(20)) in {401, 403}


async def test_a_registration_is_heard_as_a_reachable_contact_and_its_end_too(real_asterisk, accounts, name):
    secret = secrets.token_urlsafe(20)
    gateway = gateway_to(real_asterisk)
    heard = Heard(gateway)
    async with running(gateway), listening(heard):
        await heard.wait(SwitchUp)
        await accounts.mint(name, secret, EndpointClass.WEBRTC)
        assert await registers(real_asterisk, name, secret) == 0
        await heard.wait(ContactChanged, endpoint=name, reachable=True)
        await heard.wait(ContactChanged, endpoint=name, reachable=False)  # the socket closed


async def test_a_revoked_account_is_dead_at_once_and_revoking_again_succeeds(real_asterisk, accounts, name):
    secret = secrets.token_urlsafe(20)
    await accounts.mint(name, secret, EndpointClass.WEBRTC)
    assert await registers(real_asterisk, name, secret) == 0
    await accounts.revoke(name)
    assert await registers(real_asterisk, name, secret) in {401, 403, 404}
    await accounts.revoke(name)


async def test_minting_again_kills_the_old_secret(real_asterisk, accounts, name):
    old, new = secrets.token_urlsafe(20), secrets.token_urlsafe(20)
    await accounts.mint(name, old, EndpointClass.WEBRTC)
    await accounts.mint(name, new, EndpointClass.WEBRTC)
    assert await registers(real_asterisk, name, old) in {401, 403}
    assert await registers(real_asterisk, name, new) == 0


async def test_the_list_is_what_is_minted_on_the_switch_also_for_a_core_that_has_just_started(real_asterisk, accounts, name):
    await accounts.mint(name, secrets.token_urlsafe(20), EndpointClass.WEBRTC)
    async with AriAccounts(
        f"http://127.0.0.1:{real_asterisk.settings.asterisk_http_port}", ARI_USER, real_asterisk.secrets.ari
    ) as later:
        assert name in await later.list()
        assert "trunk" not in await later.list()
        await later.revoke(name)
        assert name not in await later.list()


def bound_to(port: int) -> str:
    """The address (hexadecimal, as the kernel writes it) that a UDP port is bound to."""
    lines = Path("/proc/net/udp").read_text().splitlines()[1:]
    return next(local.partition(":")[0] for local in (line.split()[1] for line in lines) if local.endswith(f":{port:04X}"))


async def test_a_plain_account_is_rung_and_talks_on_this_machine_only(real_asterisk, accounts, name):
    secret = secrets.token_urlsafe(20)
    await accounts.mint(name, secret, EndpointClass.PLAIN)
    gateway = gateway_to(real_asterisk)
    heard = Heard(gateway)
    settings = real_asterisk.settings
    async with (
        AgiServer("127.0.0.1", settings.agi_port, real_asterisk.secrets.agi, decide_hold),
        running(gateway),
        listening(heard),
        AgentPhone(b"\0\0" * 800, plain=True, answer_after=0.1) as phone,
        Caller(("127.0.0.1", settings.sip_port)) as caller,
    ):
        await heard.wait(SwitchUp)  # a gateway that logs in after the call's first events hears them never
        registered = asyncio.Event()
        line = Line(url(real_asterisk), "http://localhost", Credentials(name, secret), DOMAIN)
        socket = asyncio.ensure_future(phone.run(line, registered.set))
        await asyncio.wait_for(registered.wait(), 5)
        caller.dial("4001")
        waiting = await heard.wait(MusicStarted)
        await gateway.redirect(waiting.uniqueid, Place("cti-ring", name))
        await heard.wait(BridgeEntered, endpoint=name)
        media_port = int(re.findall(r"m=audio (\d+)", phone.calls[0].sip.remote_sdp)[0])
        assert bound_to(media_port) == "0100007F"
        caller.hangup()
        async with asyncio.timeout(5):
            while phone.calls:  # noqa: ASYNC110
                await asyncio.sleep(0.01)
        socket.cancel()
        with contextlib.suppress(asyncio.CancelledError, BaseExceptionGroup):
            await socket


@pytest.mark.parametrize("number", ["13800138000", "4001", "cti-hold", "s", "trunk"])
async def test_a_minted_account_can_call_nothing(real_asterisk, accounts, name, number):
    """With its right secret: an INVITE that was authenticated ends in from-agent, which knows nobody."""
    secret = secrets.token_urlsafe(20)
    await accounts.mint(name, secret, EndpointClass.PLAIN)
    sip = SipEndpoint()
    transport = await UdpTransport.open(sip.receive, ("127.0.0.1", 0), ("127.0.0.1", real_asterisk.settings.sip_port))
    sip.attach(transport)
    call = SipCall(
        sip, local=name_addr("", sip_uri(name, transport.host)), media=NoMedia(), contact=sip_uri(name, transport.host)
    )
    call.invite(sip_uri(number, f"127.0.0.1:{real_asterisk.settings.sip_port}"), "")
    await call.wait(CallState.ENDED)
    assert call.code >= 400
    await sip.settled(2)
    sip.close()
    assert "PJSIP/trunk" not in real_asterisk.cli("core show channels concise")


async def test_secrets_reach_neither_the_log_nor_an_error(real_asterisk, accounts, name, caplog):
    caplog.set_level(logging.DEBUG)
    secret = secrets.token_urlsafe(20)
    await accounts.mint(name, secret, EndpointClass.WEBRTC)
    here = f"http://127.0.0.1:{real_asterisk.settings.asterisk_http_port}"
    async with AriAccounts(here, ARI_USER, "wrong-password") as wrong:
        with pytest.raises(SwitchUnavailable) as refused:
            await wrong.mint(name, secret, EndpointClass.WEBRTC)
    for text in (caplog.text, str(refused.value), repr(refused.value), repr(accounts)):
        assert secret not in text
        assert real_asterisk.secrets.ari not in text


async def test_without_a_switch_everything_is_switch_unavailable(name):
    async with AriAccounts("http://127.0.0.1:1", "x", "y") as away:
        for method in (away.mint(name, secrets.token_urlsafe(20), EndpointClass.PLAIN), away.revoke(name), away.list()):
            with pytest.raises(SwitchUnavailable):
                await method


@pytest.mark.parametrize(
    ("endpoint", "secret"), [("../x", "a" * 30), ("trunk/x", "a" * 30), ("w1f", "short"), ("w1f" * 9, "a b" * 20)]
)
async def test_names_and_secrets_that_are_not_ours_are_refused(endpoint, secret):
    async with AriAccounts("http://127.0.0.1:1", "x", "y") as accounts:
        with pytest.raises(InvalidValue):
            await accounts.mint(endpoint, secret, EndpointClass.WEBRTC)
