"""The core's call stories on a real Asterisk with real audio: each party has a tone, and hears whom it should."""

from __future__ import annotations

import asyncio
import contextlib

import pytest

from cti.calls.agent_states import AgentState
from cti.calls.call_states import CallState
from cti.calls.facts import FactKind
from tests.support.asterisk import real_asterisk  # noqa: F401
from tests.support.ears import hears
from tests.support.floor import until
from tests.support.live import CALLER_TONE, CANDIDATES, TONES, live

pytestmark = [pytest.mark.telephony, pytest.mark.timeout(90)]


@contextlib.asynccontextmanager
async def _talking(asterisk, folder, *others, whole_ivr=False):
    """ann talks to a caller; `others` are (name, role) who are READY too but cannot serve his queue."""
    async with live(asterisk, folder, whole_ivr=whole_ivr) as w, contextlib.AsyncExitStack() as stack:
        desks = {"ann": await w.log_in("ann")}
        for name, role in others:
            desks[name] = await w.log_in(name, "hotline", "enquiries", "zh", role=role)
        caller = await stack.enter_async_context(w.caller())
        try:
            call = await w.call_of(caller)
            await w.state("ann", AgentState.ON_CALL, timeout=25)
            yield w, call, caller, desks
        finally:
            caller.hangup()
            for desk in desks.values():
                await desk.leave()


async def test_a_caller_reaches_an_agent_and_both_hear_each_other(real_asterisk, tmp_path):  # noqa: F811
    async with _talking(real_asterisk, tmp_path, whole_ivr=True) as (w, call, caller, desks):
        phone = await desks["ann"].in_call()
        await hears(caller.audio, TONES["ann"], candidates=CANDIDATES)
        await hears(phone.audio, CALLER_TONE, candidates=CANDIDATES)
        caller.hangup()
        await w.state("ann", AgentState.WRAP_UP)
        assert (call.record.ended_by, call.record.queue, call.record.language) == ("caller", "repairs", "zh")
        assert call.record.recording_status == "running"


async def test_hold_gives_music_and_resume_gives_the_agent_back(real_asterisk, tmp_path):  # noqa: F811
    async with _talking(real_asterisk, tmp_path) as (w, call, caller, _desks):
        await w.command("ann", "call.hold", call=call.id)
        await w.command("ann", "call.resume", call=call.id)
        await hears(caller.audio, TONES["ann"], candidates=CANDIDATES)
        caller.hangup()
        await w.state("ann", AgentState.WRAP_UP)
        assert call.record.hold_s > 0


async def test_the_agents_own_bye_ends_the_call_as_the_agents(real_asterisk, tmp_path):  # noqa: F811
    async with _talking(real_asterisk, tmp_path) as (w, call, _caller, desks):
        (await desks["ann"].in_call()).sip.hangup()
        await w.state("ann", AgentState.WRAP_UP)
        assert call.record.ended_by == "agent"


async def test_a_consult_is_completed_and_the_caller_talks_to_the_engineer(real_asterisk, tmp_path):  # noqa: F811
    async with _talking(real_asterisk, tmp_path, ("eve", "hotline_engineer")) as (w, call, caller, desks):
        await w.command("ann", "consult.start", call=call.id, target={"kind": "any_engineer"})
        await until(lambda: call.consult is not None and call.consult.state == "talking", 10)
        ann, eve = await desks["ann"].in_call(), await desks["eve"].in_call()
        await hears(eve.audio, TONES["ann"], candidates=CANDIDATES)
        await hears(ann.audio, TONES["eve"], candidates=CANDIDATES)
        await w.command("ann", "consult.complete", call=call.id)
        await hears(caller.audio, TONES["eve"], candidates=CANDIDATES)
        await hears(eve.audio, CALLER_TONE, candidates=CANDIDATES)
        assert w.agent("ann").state is AgentState.WRAP_UP
        caller.hangup()
        await w.state("eve", AgentState.WRAP_UP)


async def test_a_cancelled_consult_gives_the_caller_back_to_the_agent(real_asterisk, tmp_path):  # noqa: F811
    async with _talking(real_asterisk, tmp_path, ("eve", "hotline_engineer")) as (w, call, caller, _desks):
        await w.command("ann", "consult.start", call=call.id, target={"kind": "any_engineer"})
        await until(lambda: call.consult is not None and call.consult.state == "talking", 10)
        await w.command("ann", "consult.cancel", call=call.id)
        await hears(caller.audio, TONES["ann"], candidates=CANDIDATES)
        await w.state("eve", AgentState.READY)
        caller.hangup()
        await w.state("ann", AgentState.WRAP_UP)


async def test_three_way_all_hear_all(real_asterisk, tmp_path):  # noqa: F811
    async with _talking(real_asterisk, tmp_path, ("eve", "hotline_engineer")) as (w, call, caller, desks):
        await w.command("ann", "consult.start", call=call.id, target={"kind": "any_engineer"})
        await until(lambda: call.consult is not None and call.consult.state == "talking", 10)
        await w.command("ann", "consult.three_way", call=call.id)
        await hears(caller.audio, TONES["ann"], candidates=CANDIDATES)
        await hears(caller.audio, TONES["eve"], candidates=CANDIDATES)
        await hears((await desks["eve"].in_call()).audio, CALLER_TONE, candidates=CANDIDATES)


async def test_a_blind_transfer_to_a_queue_reaches_its_agent(real_asterisk, tmp_path):  # noqa: F811
    async with _talking(real_asterisk, tmp_path, ("bob", "agent")) as (w, call, caller, _desks):
        await w.command("ann", "call.blind", call=call.id, target={"kind": "queue", "id": "enquiries"})
        await hears(caller.audio, TONES["bob"], candidates=CANDIDATES, timeout=15)
        assert (w.agent("ann").state, call.record.queue) == (AgentState.WRAP_UP, "enquiries")


async def test_the_callers_end_in_a_consult_leaves_no_leg_behind(real_asterisk, tmp_path):  # noqa: F811
    async with _talking(real_asterisk, tmp_path, ("eve", "hotline_engineer")) as (w, call, caller, _desks):
        await w.command("ann", "consult.start", call=call.id, target={"kind": "any_engineer"})
        await until(lambda: call.consult is not None and call.consult.state == "talking", 10)
        caller.hangup()
        await w.state("ann", AgentState.WRAP_UP)
        await w.state("eve", AgentState.READY)
        await until(lambda: call.state is CallState.ENDED, 5)
        async with asyncio.timeout(8):
            while left := (await w.gateway.snapshot()).channels:  # noqa: ASYNC110
                await asyncio.sleep(0.2)
        assert not left


async def test_after_a_cancelled_consult_hold_and_another_consult_work(real_asterisk, tmp_path):  # noqa: F811
    async with _talking(real_asterisk, tmp_path, ("eve", "hotline_engineer")) as (w, call, caller, desks):
        await _consult(w, call)
        await w.command("ann", "consult.cancel", call=call.id)
        await hears(caller.audio, TONES["ann"], candidates=CANDIDATES)
        await w.command("ann", "call.hold", call=call.id)
        await w.command("ann", "call.resume", call=call.id)
        await hears(caller.audio, TONES["ann"], candidates=CANDIDATES)
        await hears((await desks["ann"].in_call()).audio, CALLER_TONE, candidates=CANDIDATES)
        await w.state("eve", AgentState.READY)
        await _consult(w, call)
        await w.command("ann", "consult.complete", call=call.id)
        await hears(caller.audio, TONES["eve"], candidates=CANDIDATES)


async def test_an_agent_who_hangs_up_in_a_consult_leaves_the_caller_to_the_engineer(real_asterisk, tmp_path):  # noqa: F811
    async with _talking(real_asterisk, tmp_path, ("eve", "hotline_engineer")) as (w, call, caller, desks):
        await _consult(w, call)
        (await desks["ann"].in_call()).sip.hangup()
        await hears(caller.audio, TONES["eve"], candidates=CANDIDATES)
        assert (call.record.engineer, w.agent("ann").state) == ("eve", AgentState.WRAP_UP)


async def _consult(w, call):
    await w.command("ann", "consult.start", call=call.id, target={"kind": "any_engineer"})
    await until(lambda: call.consult is not None and call.consult.state == "talking", 10)


@pytest.mark.parametrize("command", ["consult.start", "call.hold"])
async def test_what_is_asked_for_in_the_instant_of_the_answer_loses_nobody(real_asterisk, tmp_path, command):  # noqa: F811
    """Between Dial's ANSWER and the bridge a Redirect of both legs would end the agent's."""
    args = {"target": {"kind": "any_engineer"}} if command == "consult.start" else {}
    async with live(real_asterisk, tmp_path) as w, contextlib.AsyncExitStack() as stack:
        desks = [await w.log_in("ann"), await w.log_in("eve", "hotline", role="hotline_engineer")]
        asked: list[asyncio.Future[object]] = []

        def at_once(fact, call):
            if fact.kind is FactKind.CALL_ANSWERED:
                asked.append(asyncio.ensure_future(w.command("ann", command, call=call.id, **args)))

        w.house.recorder.listeners.append(at_once)
        caller = await stack.enter_async_context(w.caller())
        call = await w.call_of(caller)
        await until(lambda: asked and asked[0].done(), 25)
        await asked[0]
        if command == "consult.start":
            await until(lambda: call.consult is not None and call.consult.state == "talking", 10)
            await w.command("ann", "consult.cancel", call=call.id)
        else:
            await w.command("ann", "call.resume", call=call.id)
        await hears(caller.audio, TONES["ann"], candidates=CANDIDATES)
        caller.hangup()
        for desk in desks:
            await desk.leave()
