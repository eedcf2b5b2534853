"""The dialplan with agents' phones on it and no core: the emergency queue, rooms, and what a softphone may call."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator

import pytest

from carillon.softphone.call import CallState
from carillon.softphone.callee import Behaviour, Callee
from carillon.softphone.caller import Caller
from carillon.softphone.sound import Loop, tone
from cti.ports.accounts import EndpointClass
from tests.support.ami_lines import AmiLine, ami_control, ami_line
from tests.support.asterisk import RealAsterisk, asterisk, real_asterisk
from tests.support.ears import hears
from tests.telephony.test_softagent_phone import AGENT, CALLER, TONES, a_phone, an_account, talking

pytestmark = pytest.mark.telephony
__all__ = ["real_asterisk"]
PLAIN = EndpointClass.PLAIN


async def arrived(ami: AmiLine, caller: Caller) -> dict[str, str]:
    caller.say(Loop(tone(CALLER)))
    caller.dial("4001")
    await caller.call.wait(CallState.UP)
    return await ami.user_event("CTIFallback")


def a_caller(switch: RealAsterisk) -> Caller:
    return Caller(("127.0.0.1", switch.settings.sip_port))


async def test_without_a_core_the_ready_agents_ring_and_their_page_learns_which_call_it_is(real_asterisk: RealAsterisk) -> None:
    async with (
        an_account(real_asterisk, PLAIN) as account,
        a_phone(real_asterisk, PLAIN, account) as registered,
        ami_line(real_asterisk) as ami,
        ami_control(real_asterisk) as control,
        a_caller(real_asterisk) as caller,
    ):
        interface = f"PJSIP/{account.user}"
        assert (await control.action("QueueAdd", Queue="fallback", Interface=interface))["Response"] == "Success"
        fallback = await arrived(ami, caller)
        call = await talking(registered.phone)
        assert call.cti_call == fallback["CTICall"]
        await asyncio.gather(hears(caller.audio, AGENT, candidates=TONES), hears(call.audio, CALLER, candidates=TONES))
        registered.phone.hangup(call)
        await caller.call.wait(CallState.ENDED)
        await control.action("QueueRemove", Queue="fallback", Interface=interface)


async def test_a_number_of_the_emergency_list_rings_when_no_agent_can() -> None:
    with asterisk(fallback_numbers="13900139000") as switch:
        peer = ("127.0.0.2", switch.settings.trunk_peer_port)
        async with (
            Callee(peer, Behaviour(answer_after=0.2), frequency=AGENT) as callee,
            ami_line(switch) as ami,
            a_caller(switch) as caller,
        ):
            await arrived(ami, caller)
            assert (await callee.wait_call()).number == "13900139000"
            await hears(caller.audio, AGENT, candidates=TONES)
            callee.calls[0].call.hangup()
            await caller.call.wait(CallState.ENDED)


async def test_nobody_came_a_callback_is_filed_and_promised() -> None:
    """The script is reached by Redirect past the five minutes in the queue."""
    with asterisk() as switch:
        async with ami_line(switch) as ami, ami_control(switch) as control, a_caller(switch) as caller:
            fallback = await arrived(ami, caller)
            await ami.wait(lambda e: e.get("Event") == "QueueCallerJoin")
            steps = switch.cli("dialplan show s@cti-fallback").splitlines()
            priority = next(line.split(".")[0].split()[-1] for line in steps if "file_callback.py" in line)
            await control.action("Redirect", Channel=fallback["Uniqueid"], Context="cti-fallback", Exten="s", Priority=priority)
            file = switch.settings.switch_dir / "callbacks" / f"{fallback['CTICall']}.json"
            await caller.call.wait(CallState.ENDED, timeout=20)
        assert '"number": "+8613800138000"' in file.read_text()
        assert "does not exist in any format" not in switch.log


async def test_a_caller_is_never_left_alone_in_a_room(real_asterisk: RealAsterisk) -> None:
    async with (
        an_account(real_asterisk, PLAIN) as account,
        a_phone(real_asterisk, PLAIN, account) as registered,
        ami_line(real_asterisk) as ami,
        ami_control(real_asterisk) as control,
        a_caller(real_asterisk) as caller,
    ):
        fallback = await arrived(ami, caller)
        answer = await control.action(
            "Originate",
            Channel=f"PJSIP/{account.user}",
            Context="cti-room-agent",
            Exten="r0123456789abcdef",
            Priority="1",
            Async="true",
            Variable=f"__CTI_CALL={fallback['CTICall']}",
        )
        assert answer["Response"] == "Success"
        call = await talking(registered.phone)
        await control.action(
            "Redirect", Channel=fallback["Uniqueid"], Context="cti-room-caller", Exten="r0123456789abcdef", Priority="1"
        )
        await asyncio.gather(hears(caller.audio, AGENT, candidates=TONES), hears(call.audio, CALLER, candidates=TONES))
        registered.phone.hangup(call)
        await ami.wait(lambda e: e.get("UserEvent") == "CTIAgentLeft" and e["Uniqueid"] == fallback["Uniqueid"], timeout=5)
        await caller.call.wait(CallState.ENDED)


@contextlib.asynccontextmanager
async def two_on_hold(switch: RealAsterisk) -> AsyncIterator[tuple[AmiLine, AmiLine, Caller, Callee, tuple[str, str]]]:
    """Events, actions, the customer in cti-hold, whoever stands for the agent in cti-agenthold, and both channels."""
    peer = ("127.0.0.2", switch.settings.trunk_peer_port)
    async with (
        Callee(peer, Behaviour(answer_after=0.1), frequency=AGENT) as callee,
        ami_line(switch) as ami,
        ami_control(switch) as control,
        a_caller(switch) as caller,
    ):
        fallback = await arrived(ami, caller)
        customer, call = fallback["Uniqueid"], fallback["CTICall"]
        await control.action("Redirect", Channel=customer, Context="cti-hold", Exten="s", Priority="1")
        await ami.wait(
            lambda e: e.get("Event") == "MusicOnHoldStart" and e["Uniqueid"] == customer and e["Context"] == "cti-hold"
        )
        await control.action(
            "Originate", Channel="PJSIP/1390@trunk", Context="cti-agenthold", Exten="s", Priority="1", Async="true",
            Variable=f"__CTI_CALL={call}",
        )  # fmt: skip
        leg = (await ami.user_event("CTIAgentHold", call))["Uniqueid"]
        yield ami, control, caller, callee, (customer, leg)


async def say(control: AmiLine, state: str, *channels: str) -> None:
    for each in channels:
        await control.action("Setvar", Channel=each, Variable="CTI_STATE", Value=state)


async def bridged(control: AmiLine, customer: str, leg: str) -> bool:
    return (await control.action("Bridge", Channel1=customer, Channel2=leg))["Response"] == "Success"


async def test_a_conversation_joined_by_bridge_ends_for_both_when_the_core_is_dead(real_asterisk: RealAsterisk) -> None:
    """CTI_STATE=talk on both legs: the customer goes to cti-after, the agent's leg is hung up, nobody waits for ever."""
    async with two_on_hold(real_asterisk) as (_ami, control, caller, callee, legs):
        await say(control, "talk", *legs)
        assert await bridged(control, *legs)
        await hears(caller.audio, AGENT, candidates=TONES)
        caller.hangup()
        await callee.calls[0].call.wait(CallState.ENDED, timeout=8)


async def a_pass_of_its_loop(control: AmiLine, channel: str) -> None:
    """Without a heartbeat each pass counts one more."""

    async def still() -> str:
        return (await control.action("Getvar", Channel=channel, Variable="CTI_STILL"))["Value"]

    before = await still()
    async with asyncio.timeout(5):
        while await still() == before:  # noqa: ASYNC110 - asked of the switch
            await asyncio.sleep(0.01)


@pytest.mark.parametrize("whose", ["customer", "agent"])
async def test_a_pass_of_the_hold_loop_between_talk_and_bridge_ends_nothing(real_asterisk: RealAsterisk, whose: str) -> None:
    """The loops look every two seconds, and one in hundreds of Bridges has such a look just before it."""
    async with two_on_hold(real_asterisk) as (ami, control, caller, _callee, legs):
        for _ in range(5):  # of a machine that stood still between the two the core would not be one either
            await a_pass_of_its_loop(control, legs[0] if whose == "customer" else legs[1])
            await asyncio.sleep(1.9)
            said = time.monotonic()
            await say(control, "talk", *legs)
            await asyncio.sleep(0.25)
            if time.monotonic() - said < 0.35:
                break
            await say(control, "hold", *legs)
        assert await bridged(control, *legs)
        await hears(caller.audio, AGENT, candidates=TONES)
        assert not [e for e in ami.events if e.get("UserEvent") == "CTIAgentLeft" and e["Uniqueid"] == legs[0]]
