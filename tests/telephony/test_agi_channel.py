"""The IVR's channel on a real Asterisk: prompts, digits, and every way out of a session."""

from __future__ import annotations

import asyncio
import contextlib

import pytest

from carillon.softphone.call import CallState
from cti.agi.server import AgiServer
from cti.ports.ivr_channel import ChannelGone
from cti.ports.telephony import HungUp, MusicStarted, Place, QueueJoined, SwitchUp
from tests.contract.stage import Caller, Heard, gateway_to, listening, running
from tests.support.asterisk import real_asterisk

__all__ = ["real_asterisk"]
pytestmark = pytest.mark.telephony

PROMPT = "carillon/goodbye"


class Session:
    """A handler that waits to be told what to do with its channel."""

    def __init__(self) -> None:
        self.began: asyncio.Future = asyncio.get_running_loop().create_future()
        self.release = asyncio.Event()
        self.gone: list[ChannelGone] = []

    async def __call__(self, channel) -> None:
        self.began.set_result(channel)
        await self.release.wait()


@contextlib.asynccontextmanager
async def call(real, handler, *, key: str | None = None, number: str = "+8613800138000", name: str = "Anna"):
    """A caller in this handler's hands; the gateway listens."""
    settings = real.settings
    gateway = gateway_to(real)
    heard = Heard(gateway)
    async with (
        AgiServer("127.0.0.1", settings.agi_port, real.secrets.agi if key is None else key, handler),
        running(gateway),
        listening(heard),
        Caller(("127.0.0.1", settings.sip_port), number=number, name=name) as caller,
    ):
        await heard.wait(SwitchUp)
        caller.dial("4001")
        yield gateway, heard, caller


async def test_the_channel_knows_who_calls_and_which_call_it_is(real_asterisk):
    session = Session()
    async with call(real_asterisk, session, name="张三") as (_, heard, _caller):
        channel = await asyncio.wait_for(session.began, 5)
        arrived = await heard.wait("CTIArrived")
        assert (channel.call, channel.uniqueid) == (arrived.call, arrived.uniqueid)
        assert (channel.variables["callerid"], channel.variables["calleridname"]) == ("+8613800138000", "张三")
        assert await channel.get_variable("CTI_DNIS") == "4001"
        session.release.set()


async def test_a_digit_stops_a_prompt_and_is_returned(real_asterisk):
    session = Session()
    async with call(real_asterisk, session) as (_, _heard, caller):
        channel = await asyncio.wait_for(session.began, 5)
        await caller.call.wait(CallState.UP)
        playing = asyncio.ensure_future(channel.play(PROMPT, "zh", "12"))
        await asyncio.sleep(0.3)
        await caller.press("2")
        assert await asyncio.wait_for(playing, 5) == "2"
        assert await channel.get_variable("CTI_NOT_SET") == ""
        session.release.set()


async def test_a_digit_is_collected_and_none_is_empty(real_asterisk):
    session = Session()
    async with call(real_asterisk, session) as (_, _heard, caller):
        channel = await asyncio.wait_for(session.began, 5)
        await caller.call.wait(CallState.UP)
        collecting = asyncio.ensure_future(channel.collect(4000, "12"))
        await asyncio.sleep(0.2)
        await caller.press("9")
        await caller.press("1")
        assert await asyncio.wait_for(collecting, 5) == "1"
        assert await channel.collect(200, "12") == ""
        session.release.set()


async def test_what_is_set_decides_where_the_caller_goes(real_asterisk):
    async def decides(channel) -> None:
        await channel.set_variable("CTI_AGENT", 'a "quoted" \\ value')
        await channel.set_variables({"CTI_QUEUE": "repairs", "CTI_LANG": "zh", "CTI_REC": "0", "CTI_NEXT": "cti-hold"})

    async with call(real_asterisk, decides) as (gateway, heard, _caller):
        waiting = await heard.wait(MusicStarted)
        row = next(row for row in (await gateway.snapshot()).channels if row.uniqueid == waiting.uniqueid)
        assert (row.context, row.variables["CTI_AGENT"]) == ("cti-hold", 'a "quoted" \\ value')
        assert [row.variables[name] for name in ("CTI_QUEUE", "CTI_LANG", "CTI_REC")] == ["repairs", "zh", "0"]


async def test_a_caller_who_hangs_up_in_a_prompt_ends_the_session(real_asterisk):
    playing, gone = asyncio.Event(), asyncio.Event()

    async def plays(channel) -> None:
        try:
            while True:
                playing.set()
                await channel.play(PROMPT, "en")
        except ChannelGone:
            gone.set()
            raise

    async with call(real_asterisk, plays) as (_, heard, caller):
        await asyncio.wait_for(playing.wait(), 5)
        await caller.call.wait(CallState.UP)
        caller.hangup()
        await asyncio.wait_for(gone.wait(), 5)
        await heard.wait(HungUp)


async def test_a_redirect_takes_the_caller_out_of_a_session_that_does_nothing(real_asterisk):
    """AGIEXITONHANGUP: a stuck core must not make the channel immortal."""
    session = Session()
    async with call(real_asterisk, session) as (gateway, heard, _caller):
        channel = await asyncio.wait_for(session.began, 5)
        await gateway.redirect(channel.uniqueid, Place("cti-hold"))
        await heard.wait(MusicStarted, uniqueid=channel.uniqueid)
        with pytest.raises(ChannelGone):
            await channel.collect(1000, "1")
        session.release.set()


async def test_a_handler_that_fails_sends_its_caller_to_the_emergency_queue(real_asterisk):
    async def fails(_channel) -> None:
        raise RuntimeError("flow")

    async with call(real_asterisk, fails) as (_, heard, _caller):
        await heard.wait("CTIFallback")
        await heard.wait(QueueJoined)


async def test_a_server_with_another_key_sends_the_caller_to_the_emergency_queue(real_asterisk):
    async def never(_channel) -> None:
        raise AssertionError("reached without the key")

    async with call(real_asterisk, never, key="another") as (_, heard, _caller):
        await heard.wait("CTIFallback")


async def test_a_session_whose_core_is_killed_sends_the_caller_to_the_emergency_queue(real_asterisk):
    """The socket closes; AGISTATUS says SUCCESS, and only the empty CTI_NEXT tells."""
    session = Session()
    settings = real_asterisk.settings
    gateway = gateway_to(real_asterisk)
    heard = Heard(gateway)
    async with running(gateway), listening(heard), Caller(("127.0.0.1", settings.sip_port)) as caller:
        await heard.wait(SwitchUp)
        async with AgiServer("127.0.0.1", settings.agi_port, real_asterisk.secrets.agi, session):
            caller.dial("4001")
            await asyncio.wait_for(session.began, 5)
        await heard.wait("CTIFallback")


async def test_forty_callers_at_once_are_forty_sessions(real_asterisk):
    sessions = []

    async def counts(channel) -> None:
        sessions.append(channel.call)
        await channel.set_variable("CTI_NEXT", "cti-hold")

    settings = real_asterisk.settings
    async with contextlib.AsyncExitStack() as stack:
        await stack.enter_async_context(AgiServer("127.0.0.1", settings.agi_port, real_asterisk.secrets.agi, counts))
        for number in range(40):
            caller = Caller(("127.0.0.1", settings.sip_port), number=f"+86138001{number:05}")
            (await stack.enter_async_context(caller)).dial("4001")
        async with asyncio.timeout(30):
            while len(sessions) < 40:  # noqa: ASYNC110
                await asyncio.sleep(0.02)
        assert len(set(sessions)) == 40
