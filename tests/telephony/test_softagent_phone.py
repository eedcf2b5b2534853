"""The software agent's softphone on a real Asterisk: digest, opus over DTLS and ICE, plain RTP, hold, new socket. No core."""

from __future__ import annotations

import asyncio
import secrets
from contextlib import asynccontextmanager

import pytest

from carillon.softphone.agent_phone import AgentPhone, Line, SocketClosed
from carillon.softphone.call import CallState
from carillon.softphone.caller import Caller
from carillon.softphone.digest import Credentials
from carillon.softphone.registration import RegistrationRefused
from carillon.softphone.sound import Loop, tone
from carillon.switch.secrets import ARI_USER
from cti.ari.accounts import AriAccounts
from cti.ports.accounts import EndpointClass
from tests.support.ami_lines import ami_control, ami_line
from tests.support.asterisk import RealAsterisk, real_asterisk  # noqa: F401 - a fixture
from tests.support.ears import hears

pytestmark = pytest.mark.telephony
CALLER, AGENT = 600, 1000
TONES = (CALLER, AGENT)
DOMAIN = "carillon.invalid"


@asynccontextmanager
async def an_account(switch: RealAsterisk, kind: EndpointClass):
    async with AriAccounts(f"http://127.0.0.1:{switch.settings.asterisk_http_port}", ARI_USER, switch.secrets.ari) as accounts:
        credentials = Credentials(f"w{secrets.token_hex(8)}", secrets.token_hex(16))
        await accounts.mint(credentials.user, credentials.secret, kind)
        yield credentials
        await accounts.revoke(credentials.user)


def line_of(switch: RealAsterisk, credentials: Credentials) -> Line:
    return Line(f"ws://127.0.0.1:{switch.settings.asterisk_http_port}/ws", "http://127.0.0.1", credentials, DOMAIN)


class Registered:
    """A phone whose socket is kept by a task; `cut` drops the socket as a restarted relay does."""

    def __init__(self, phone: AgentPhone, line: Line) -> None:
        self.phone, self._line, self._task = phone, line, None

    async def up(self) -> None:
        registered = asyncio.Event()
        self._task = asyncio.ensure_future(self.phone.run(self._line, registered.set))
        waiting = asyncio.ensure_future(registered.wait())
        await asyncio.wait({self._task, waiting}, return_when=asyncio.FIRST_COMPLETED, timeout=10)
        waiting.cancel()
        if self._task.done():
            self._task.result()

    async def cut(self) -> None:
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)


@asynccontextmanager
async def a_phone(switch: RealAsterisk, kind: EndpointClass, credentials: Credentials):
    async with AgentPhone(tone(AGENT), plain=kind is EndpointClass.PLAIN, answer_after=0.2) as phone:
        registered = Registered(phone, line_of(switch, credentials))
        await registered.up()
        try:
            yield registered
        finally:
            await registered.cut()


@asynccontextmanager
async def a_call_to(switch: RealAsterisk, endpoint: str, context: str = "cti-ring"):
    """A caller in the emergency queue, redirected to ring this end point, as the core does."""
    async with ami_line(switch) as events, Caller(("127.0.0.1", switch.settings.sip_port)) as caller:
        caller.say(Loop(tone(CALLER)))
        caller.dial("4001")
        await caller.call.wait(CallState.UP)
        arrived = await events.wait(
            lambda b: b.get("UserEvent") == "CTIArrived" and b.get("CTISipCallId", "").startswith(caller.sip_call_id[:24])
        )
        await events.wait(lambda b: b.get("UserEvent") == "CTIFallback" and b.get("CTICall") == arrived["CTICall"])
        async with ami_control(switch) as ctl:
            await ctl.action("Setvar", Channel=arrived["Uniqueid"], Variable="CTI_REC", Value="1")
            said = await ctl.action("Redirect", Channel=arrived["Uniqueid"], Context=context, Exten=endpoint, Priority="1")
            assert said["Response"] == "Success"
            yield caller


async def talking(phone: AgentPhone):
    await phone.changes.until(lambda: phone.calls and phone.calls[0].audio is not None, 10)
    call = phone.calls[0]
    await call.sip.wait(CallState.UP)
    return call


@pytest.mark.parametrize("kind", list(EndpointClass))
async def test_agent_and_caller_hear_each_other(real_asterisk, kind):  # noqa: F811
    async with (
        an_account(real_asterisk, kind) as account,
        a_phone(real_asterisk, kind, account) as registered,
        a_call_to(real_asterisk, account.user) as caller,
    ):
        call = await talking(registered.phone)
        assert len(call.cti_call) == 36
        await asyncio.gather(hears(caller.audio, AGENT, candidates=TONES), hears(call.audio, CALLER, candidates=TONES))
        caller.hangup()
        await call.sip.wait(CallState.ENDED)
    assert call.sip.ended_by == "remote"


@pytest.mark.parametrize("kind", list(EndpointClass))
async def test_hold_and_resume_by_reinvite(real_asterisk, kind):  # noqa: F811
    async with (
        an_account(real_asterisk, kind) as account,
        a_phone(real_asterisk, kind, account) as registered,
        a_call_to(real_asterisk, account.user) as caller,
    ):
        call = await talking(registered.phone)
        await hears(caller.audio, AGENT, candidates=TONES)
        registered.phone.hold(call, on=True)
        await call.sip.changes.until(lambda: call.sip.reinvites == 1)
        registered.phone.hold(call, on=False)
        await call.sip.changes.until(lambda: call.sip.reinvites == 2)
        await asyncio.gather(hears(caller.audio, AGENT, candidates=TONES), hears(call.audio, CALLER, candidates=TONES))


async def test_a_call_survives_a_lost_socket_and_its_end_is_heard_on_the_new_one(real_asterisk):  # noqa: F811
    kind = EndpointClass.WEBRTC
    async with (
        an_account(real_asterisk, kind) as account,
        a_phone(real_asterisk, kind, account) as registered,
        a_call_to(real_asterisk, account.user) as caller,
    ):
        call = await talking(registered.phone)
        await hears(caller.audio, AGENT, candidates=TONES)
        await registered.cut()
        await hears(caller.audio, AGENT, candidates=TONES)
        await registered.up()
        await hears(call.audio, CALLER, candidates=TONES)
        caller.hangup()
        await call.sip.wait(CallState.ENDED)


async def test_a_call_given_back_is_answered_by_itself_at_once(real_asterisk):  # noqa: F811
    kind = EndpointClass.WEBRTC
    async with (
        an_account(real_asterisk, kind) as account,
        a_phone(real_asterisk, kind, account) as registered,
        a_call_to(real_asterisk, account.user, "cti-again") as caller,
    ):
        call = await talking(registered.phone)
        assert call.why == "resume"
        await hears(caller.audio, AGENT, candidates=TONES)


async def test_a_dead_account_is_refused_and_a_wrong_secret_too(real_asterisk):  # noqa: F811
    async with an_account(real_asterisk, EndpointClass.WEBRTC) as account, AgentPhone(tone(AGENT)) as phone:
        for credentials in (Credentials(account.user, "wrong"), Credentials("nobody-here", account.secret)):
            with pytest.RaisesGroup(RegistrationRefused, allow_unwrapped=True, flatten_subgroups=True):
                await phone.run(line_of(real_asterisk, credentials), lambda: None)


async def test_the_end_of_the_socket_is_told(real_asterisk):  # noqa: F811
    async with an_account(real_asterisk, EndpointClass.WEBRTC) as account, AgentPhone(tone(AGENT)) as phone:
        line = line_of(real_asterisk, account)
        with pytest.RaisesGroup(SocketClosed, flatten_subgroups=True):
            # a message longer than Asterisk takes: it closes the socket
            await phone.run(line, lambda: phone._endpoint.transport.send(b"x" * 70000))
