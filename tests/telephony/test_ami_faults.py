"""The gateway when things break, on a real Asterisk: resets, black holes, kills, and what is never done twice."""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import shutil
import signal
import tempfile
import time
from pathlib import Path

import pytest

from cti.agi.server import AgiServer
from cti.ami.connection import AmiConnection, Login
from cti.ami.gateway import AmiAccess, AmiGateway
from cti.ami.self_test import AccountRefused
from cti.ports.telephony import (
    DialBegan,
    MusicStarted,
    OriginateEnded,
    Place,
    SwitchDown,
    SwitchUnavailable,
    SwitchUp,
)
from tests.contract.stage import (
    Caller,
    DeskPhone,
    Heard,
    WallClock,
    decide_hold,
    gateway_to,
    listening,
    push_phone,
    running,
)
from tests.support.ami_lines import AmiLine, ami_line
from tests.support.asterisk import free_settings, real_asterisk, running_asterisk
from tests.support.stalls import stalls
from tests.telephony.ami_proxy import AmiProxy

__all__ = ["real_asterisk"]
pytestmark = pytest.mark.telephony
RNG = random.Random(1)  # noqa: S311  # the same story each time


@contextlib.asynccontextmanager
async def behind_proxy(real):
    """A gateway whose connections go through a proxy, up and listening."""
    proxy = AmiProxy(real.settings.ami_port)
    async with proxy.listening() as port:
        gateway = gateway_to(real, port=port)
        heard = Heard(gateway)
        async with running(gateway), listening(heard):
            await heard.wait(SwitchUp)
            yield proxy, gateway, heard


@contextlib.asynccontextmanager
async def desk_phone(real, name: str):
    phone = DeskPhone()
    await push_phone(real, name, await phone.open())
    try:
        yield phone
    finally:
        await phone.close()


async def test_a_reset_is_noticed_and_the_gateway_is_back_within_five_seconds(real_asterisk):
    async with behind_proxy(real_asterisk) as (proxy, gateway, heard):
        mark, cut = heard.mark, time.monotonic()
        with stalls() as stalled:
            proxy.reset()
            assert (await heard.wait(SwitchDown, mark)).why == "closed"
            up = await heard.wait(SwitchUp, mark)
        assert time.monotonic() - cut - stalled.seconds <= 5.0
        assert not up.restarted
        assert (await gateway.snapshot()).queue_members == ()


async def test_resets_in_the_middle_of_calls_leave_no_wrong_state(real_asterisk):
    """Ten cuts while callers arrive; in the end the snapshot has each of them, waiting."""
    settings = real_asterisk.settings
    async with (
        AgiServer("127.0.0.1", settings.agi_port, real_asterisk.secrets.agi, decide_hold),
        behind_proxy(real_asterisk) as (proxy, gateway, heard),
        contextlib.AsyncExitStack() as callers,
    ):
        for number in range(10):
            caller = await callers.enter_async_context(Caller(("127.0.0.1", settings.sip_port), number=f"+861380013{number:04}"))
            caller.dial("4001")
            await asyncio.sleep(RNG.uniform(0, 0.05))
            mark = heard.mark
            proxy.reset()
            await heard.wait(SwitchUp, mark)
        async with asyncio.timeout(30):
            while True:
                rows = (await gateway.snapshot()).channels
                if len(rows) == 10 and all(row.context in {"cti-hold", "cti-fallback"} for row in rows):  # nobody beats here
                    break
                await asyncio.sleep(0.05)
        assert len({row.call for row in rows}) == 10


async def test_a_black_hole_is_noticed_within_five_seconds_and_healed(real_asterisk):
    async with behind_proxy(real_asterisk) as (proxy, gateway, heard):
        mark, cut = heard.mark, time.monotonic()
        with stalls() as stalled:
            proxy.black_hole()
            assert (await heard.wait(SwitchDown, mark)).why == "silent"
        assert time.monotonic() - cut - stalled.seconds <= 5.0
        with pytest.raises(SwitchUnavailable):
            await gateway.hangup("sw1-1.1")
        proxy.heal()
        await heard.wait(SwitchUp, mark)


async def test_a_killed_asterisk_that_comes_back_is_told_as_restarted():
    state = Path(tempfile.mkdtemp(prefix="carillon-"))
    settings = free_settings(state)
    try:
        with running_asterisk(settings) as first:
            gateway = gateway_to(first)
            heard = Heard(gateway)
            async with running(gateway), listening(heard):
                before = (await heard.wait(SwitchUp), await gateway.snapshot())[1]
                mark = heard.mark
                await asyncio.sleep(2.5)  # Asterisk tells its age in whole seconds: younger ones look alike
                killed = time.monotonic()
                os.kill(first.pid, signal.SIGKILL)
                await heard.wait(SwitchDown, mark)
                await asyncio.to_thread(first.process.wait, 15)
                with running_asterisk(settings):
                    assert (await heard.wait(SwitchUp, mark)).restarted
                    after = await gateway.snapshot()
                assert after.started_at > before.started_at
                age = (after.at - after.started_at).total_seconds()
                assert -1 <= age <= time.monotonic() - killed + 1  # told in whole seconds
    finally:
        shutil.rmtree(state, ignore_errors=True)


@pytest.mark.parametrize("passed_on", [False, True])
async def test_an_originate_that_was_cut_is_never_sent_twice(real_asterisk, passed_on):
    """Ten cuts: the gateway says that the outcome is unknown, and as many phones rang as actions had been passed on."""
    name = f"w-cut-{int(passed_on)}"
    async with desk_phone(real_asterisk, name) as phone, behind_proxy(real_asterisk) as (proxy, gateway, heard):
        for number in range(10):
            channel_id = f"cut-{int(passed_on)}-{number}"
            proxy.reset_after = channel_id.encode() if passed_on else None
            proxy.reset_before = None if passed_on else channel_id.encode()
            mark = heard.mark
            with pytest.raises(SwitchUnavailable):
                await gateway.originate(
                    channel_id=channel_id, channel=f"PJSIP/{name}", to=Place("cti-agenthold"), variables={"__CTI_CALL": "c"}
                )
            await heard.wait(SwitchUp, mark)
            assert proxy.seen.count(channel_id.encode()) == 1
        if passed_on:  # a reset after the action left lets at least some of them through
            await phone.changes.until(lambda: len(phone.calls) > 0)
        await asyncio.sleep(0.5)  # whatever were still to ring would have rung
        assert len(phone.calls) <= (10 if passed_on else 0)
        called = [call.call_id for call in phone.calls]
        assert len(called) == len(set(called))


async def test_a_consumer_that_does_not_read_costs_no_connection(real_asterisk):
    """Asterisk cuts a client that does not read; our reader never waits for the consumer."""
    settings = real_asterisk.settings
    gateway = gateway_to(real_asterisk)
    async with (
        AgiServer("127.0.0.1", settings.agi_port, real_asterisk.secrets.agi, decide_hold),
        running(gateway),
        desk_phone(real_asterisk, "w-slow") as phone,
        ami_line(real_asterisk) as seen,
        Caller(("127.0.0.1", settings.sip_port)) as caller,
    ):
        events = gateway.events()
        assert isinstance(await anext(events), SwitchUp)
        caller.dial("4001")
        waiting = await heard_one(events, MusicStarted)
        for _ in range(20):
            mark = len(phone.calls)
            await gateway.redirect(waiting.uniqueid, Place("cti-ring", "w-slow"))
            await phone.changes.until(lambda mark=mark: len(phone.calls) > mark)
            before = music(seen, waiting.uniqueid)
            await gateway.redirect(waiting.uniqueid, Place("cti-hold"))
            # Asterisk refuses a Redirect while the one before is under way ("channel not up").
            await seen.wait(lambda _, before=before: music(seen, waiting.uniqueid) > before)
        for _ in range(20):
            await heard_one(events, DialBegan)
        assert gateway.up


def music(seen: AmiLine, uniqueid: str) -> int:
    """How often it began in hold; a ring may have music, too."""
    begun = [event for event in seen.events if event.get("Event") == "MusicOnHoldStart" and event["Uniqueid"] == uniqueid]
    return len([event for event in begun if event["Context"] == "cti-hold"])


async def heard_one(events, kind):
    async with asyncio.timeout(10):
        async for event in events:
            assert not isinstance(event, SwitchDown)
            if isinstance(event, kind):
                return event
    raise AssertionError(kind)


async def test_a_loop_that_stood_still_for_four_seconds_keeps_its_connections(real_asterisk):
    gateway = gateway_to(real_asterisk)
    heard = Heard(gateway)
    async with running(gateway), listening(heard):
        await heard.wait(SwitchUp)
        time.sleep(4)  # noqa: ASYNC251  # this is the fault
        await asyncio.sleep(0.5)
        assert gateway.up
        assert heard.find(SwitchDown) is None
        await gateway.snapshot()


async def test_an_account_with_other_rights_than_the_repository_lists_is_not_run_with(real_asterisk):
    """The reading account in the place of the acting one: it may list channels, which that one may not."""
    secrets = real_asterisk.secrets
    access = AmiAccess("127.0.0.1", real_asterisk.settings.ami_port, secrets.ami_read, secrets.ami_read, ctl_user="cti_read")
    gateway = AmiGateway(access, switch="sw1", clock=WallClock(), rng=RNG)
    with pytest.raises(AccountRefused, match=r"may do more"):
        await asyncio.wait_for(gateway.run(), 10)


@pytest.mark.parametrize("account", ["cti_read", "cti_ctl"])
@pytest.mark.parametrize(
    "action",
    [
        {"Action": "Command", "Command": "core show version"},
        {"Action": "GetConfig", "Filename": "manager.conf"},
        {"Action": "ListCategories", "Filename": "manager.conf"},
        {"Action": "UpdateConfig", "SrcFilename": "manager.conf", "DstFilename": "manager.conf"},
        {"Action": "ModuleLoad", "Module": "app_exec.so", "LoadType": "load"},
        {"Action": "Filter", "Operation": "Add", "Filter": "Event: .*"},
        {"Action": "UserEvent", "UserEvent": "CTIArrived"},
        {"Action": "DBPut", "Family": "a", "Key": "b", "Val": "c"},
        {"Action": "MixMonitor", "Channel": "x", "File": "x"},
        {"Action": "Reload"},
    ],
    ids=lambda action: action["Action"],
)
async def test_neither_account_may_reach_files_or_commands(real_asterisk, account, action):
    secret = real_asterisk.secrets.ami_read if account == "cti_read" else real_asterisk.secrets.ami_ctl
    connection = AmiConnection(Login("127.0.0.1", real_asterisk.settings.ami_port, account, secret), lambda _event: None)
    await connection.connect()
    with pytest.raises(Exception, match=r"Permission denied|Invalid/unknown command"):
        await connection.action(action)
    connection.close()


async def test_values_at_the_limit_arrive_as_they_were(real_asterisk):
    """What the patterns let through is read back unchanged by Asterisk itself."""
    alphabet = "ABCxyz019 _.,:/@+*#=-"
    gateway = gateway_to(real_asterisk)
    heard = Heard(gateway)
    login = Login("127.0.0.1", real_asterisk.settings.ami_port, "cti_read", real_asterisk.secrets.ami_read)
    reader = AmiConnection(login, lambda _event: None)
    async with running(gateway), listening(heard):
        await heard.wait(SwitchUp)
        await reader.connect()
        for _ in range(200):
            value = "".join(RNG.choices(alphabet, k=RNG.choice([1, 7, 80, 512]))).strip() or "x"
            await gateway.set_variable(None, "CTI_PROBE", value)
            answer = await reader.action({"Action": "Getvar", "Variable": "CTI_PROBE"})
            assert answer.get("Value") == value
        reader.close()


async def test_an_originates_outcome_is_known_by_its_channel_id_after_a_cut(real_asterisk):
    """F12: the answer was lost, the phone rings: the snapshot after the reconnect has the channel under our id."""
    async with desk_phone(real_asterisk, "w-after") as phone, behind_proxy(real_asterisk) as (proxy, gateway, heard):
        mark = heard.mark
        await gateway.originate(channel_id="own-known", channel="PJSIP/w-after", to=Place("cti-agenthold"), variables={})
        await phone.rings()
        proxy.reset()
        await heard.wait(SwitchUp, mark)
        assert "own-known" in {row.uniqueid for row in (await gateway.snapshot()).channels}
        await gateway.hangup("own-known")
        assert not (await heard.wait(OriginateEnded, mark, uniqueid="own-known")).ok
