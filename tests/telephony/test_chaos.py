"""When things break: parts of a whole running instance are killed, frozen or locked, on the real Asterisk with real audio."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import sqlite3
import subprocess
import sys
import time

import pytest

from tests.support.whole import heard_agent, hears_agent, whole  # noqa: F401

pytestmark = [pytest.mark.telephony, pytest.mark.timeout(150)]


def _allowed(seconds: float, starts: float) -> float:
    """The product's limit; on a machine that others use too, so many times what one Python start with our imports takes now."""
    began = time.monotonic()
    subprocess.run([sys.executable, "-c", "import carillon.core.wiring"], check=True)
    return max(seconds, starts * (time.monotonic() - began))


def _now() -> float:
    return asyncio.get_running_loop().time()


async def test_a_killed_core_is_not_noticed_by_who_talks_and_the_record_is_whole(whole):  # noqa: F811
    async with whole.agent() as agent, whole.caller() as caller:
        await whole.answered(caller)
        limit = await asyncio.to_thread(_allowed, 5, 3)
        before, since = whole.kill("core"), _now()
        assert await whole.back("core", before) < limit
        await asyncio.sleep(2)  # something to hear after the core is back
        await whole.until(lambda: agent.state == "ON_CALL", 15, "the agent's console is back")
        assert caller.up
        assert heard_agent(caller, since) > (_now() - since) * 0.9
        caller.hangup()
        ended = await whole.ended(caller)
        assert (ended["ended_by"], ended["end_reason"]) == ("caller", "completed")
        kinds = whole.facts(ended["id"])
        assert [kinds.count(f"call.{what}") for what in ("arrived", "answered", "ended")] == [1, 1, 1]


async def test_callers_of_a_dead_core_reach_the_same_agent_by_the_plain_queue(whole):  # noqa: F811
    async with whole.agent():
        # READY is told before the switch has confirmed it: a core that dies in those few milliseconds leaves one member less
        await whole.until(lambda: "(Not in use)" in whole.switch_says("queue show fallback"), 30, "he is in the plain queue")
        with whole.supervisor_stopped():
            whole.kill("core")
            async with whole.caller() as caller:
                await whole.until(lambda: hears_agent(caller), 20, "the agent is heard through the plain queue")
                caller.hangup()
                await whole.nobody_left()

        def rebuilt():
            return whole.rows("SELECT * FROM call_records WHERE rebuilt")

        (record,) = await whole.until(rebuilt, 30, "the call is rebuilt from the switch's own log")
        assert (record["from_e164"], record["to_number"], record["ended_by"]) == ("+8613800138000", "4001", "caller")
        assert record["agent_id"] == "agt-1024"
        assert record["talk_s"] > 0.2
        await whole.until(lambda: whole.rows("SELECT 1 FROM recordings WHERE call_id = ? AND status = 'final'", record["id"]), 20)


async def test_a_waiting_caller_of_a_restarted_core_is_adopted_and_answered_once(whole):  # noqa: F811
    async with whole.caller() as caller:
        record = await whole.queued(caller)
        await whole.back("core", whole.kill("core"))
        async with whole.agent():
            await whole.answered(caller)
            assert whole.facts(record["id"]).count("call.answered") == 1


async def test_a_caller_who_waits_is_in_the_plain_queue_at_most_20_s_after_the_cores_death(whole):  # noqa: F811
    async with contextlib.AsyncExitStack() as people:
        agent, talks = await people.enter_async_context(whole.agent()), await people.enter_async_context(whole.caller())
        await whole.answered(talks)  # before the other one dials: who of two is first in the queue, a hiccup decides
        waits = await people.enter_async_context(whole.caller("13900139000"))
        await whole.queued(waits)
        with whole.supervisor_stopped():
            before, since = whole.kill("core"), _now()
            talks.hangup()  # the agent is free, but there is no core to route
            await whole.until(lambda: hears_agent(waits, since), 20, "the waiting caller reaches the agent")
        await whole.back("core", before)
        await whole.until(lambda: agent.state == "ON_CALL", 15, "the restarted core knows that he talks")
        waits.hangup()
        ended = await whole.ended(waits)
        assert (ended["ended_by"], ended["agent_id"]) == ("caller", "agt-1024")


async def test_a_held_caller_of_a_core_that_stays_away_has_his_agent_again_through_the_plain_queue(whole):  # noqa: F811
    async with whole.agent() as agent, whole.caller() as caller:
        call = (await whole.answered(caller))["id"]
        await whole.until(lambda: agent.state == "ON_CALL", 30, "he talks")
        await agent.stream.command("call.hold", {"call": call})
        await whole.until(lambda: "call.held" in whole.facts(call) and not hears_agent(caller), 10, "he is on hold")
        with whole.supervisor_stopped():
            before, since = whole.kill("core"), _now()
            await whole.until(lambda: hears_agent(caller, since), 25, "the agent is heard through the plain queue")
        await whole.back("core", before)

        def known():
            return agent.stream and agent.stream.entities.get("call", {}).get(call)

        await whole.until(lambda: agent.state == "ON_CALL" and known() and known()["state"] == "talking", 15, "the core knows it")
        caller.hangup()
        ended = await whole.ended(caller)
        assert (ended["ended_by"], ended["agent_id"]) == ("caller", "agt-1024")


async def test_a_frozen_core_is_killed_after_six_seconds_and_replaced(whole):  # noqa: F811
    async with whole.agent(), whole.caller() as caller:
        await whole.answered(caller)
        took = await whole.back("core", whole.kill("core", signal.SIGSTOP), 30)
        assert took > 4
        assert caller.up


async def test_a_killed_api_leaves_calls_alone_and_its_agents_come_back(whole):  # noqa: F811
    async with whole.agent() as agent, whole.caller() as caller:
        await whole.answered(caller)
        limit = await asyncio.to_thread(_allowed, 10, 5)
        before, since, began = whole.kill("api"), _now(), time.monotonic()
        await whole.back("api", before)
        await whole.until(lambda: agent.state == "ON_CALL", 15, "the agent's console is back")
        assert time.monotonic() - began < limit
        await asyncio.sleep(1)  # something to hear after the api is back
        assert heard_agent(caller, since) > (_now() - since) * 0.9
        caller.hangup()
        assert (await whole.ended(caller))["ended_by"] == "caller"


async def test_a_killed_switch_closes_its_calls_and_agents_are_ready_again(whole):  # noqa: F811
    async with whole.agent() as agent:
        async with whole.caller() as caller:
            await whole.answered(caller)
            await whole.back("switch", whole.kill("switch"), 30)
            assert (await whole.ended(caller))["end_reason"] == "pbx_restart"
        await whole.until(lambda: agent.state == "READY", 40, "the agent is READY again")
        async with whole.caller("13900139000") as again:
            await whole.answered(again)


async def test_a_core_that_dies_with_its_switch_does_not_take_the_old_accounts_for_living_ones(whole):  # noqa: F811
    async with whole.agent() as agent:
        switch, core = whole.kill("switch"), whole.kill("core")
        await whole.back("switch", switch, 30)
        await whole.back("core", core)
        await whole.until(lambda: agent.state == "READY" and agent.registered, 40, "the agent is READY again")
        async with whole.caller("13900139000") as caller:
            record = await whole.answered(caller)
            rung = [kind for kind in whole.facts(record["id"]) if kind == "ring.requested"]
            assert len(rung) == 1  # not first at the account that died


async def test_a_consult_that_rings_while_the_core_is_killed_is_answered_and_handed_over(whole):  # noqa: F811
    async with whole.agent() as agent, whole.agent("engineer2001", answer_after=17.0) as engineer, whole.caller() as caller:
        record = await whole.answered(caller)
        await whole.until(lambda: agent.state == "ON_CALL", 30, "he talks")
        call = {"call": record["id"]}
        await agent.stream.command("consult.start", call | {"target": {"kind": "any_engineer"}})
        await whole.until(lambda: engineer.phone.calls, 15, "the engineer's phone rings")
        await whole.back("core", whole.kill("core"))

        def consult():
            known = agent.stream and agent.stream.entities.get("call", {}).get(record["id"])
            return known and known["consult"]

        def stands(consult_state, engineer_state):  # each page hears of it by a socket of its own
            return (consult() or {}).get("state") == consult_state and engineer.state == engineer_state

        await whole.until(lambda: agent.state == "CONSULTING" and stands("ringing", "RINGING"), 12, "the consult is found")
        await whole.until(lambda: stands("talking", "ON_CALL"), 30, "the engineer answers")
        await agent.stream.command("consult.complete", call)
        await whole.until(lambda: hears_agent(caller, number="2001"), 10, "the engineer is heard")


async def test_a_locked_business_database_stops_no_call_and_loses_no_fact(whole):  # noqa: F811
    database = whole.settings.state / "carillon.sqlite3"
    async with whole.agent():
        with contextlib.closing(sqlite3.connect(database, isolation_level=None)) as lock:
            lock.execute("BEGIN IMMEDIATE")
            async with whole.caller() as caller:
                await whole.until(lambda: hears_agent(caller), 30, "the agent is heard while the database is locked")
                caller.hangup()
                await whole.nobody_left()
            lock.execute("ROLLBACK")
        ended = await whole.ended(caller, 30)
        kinds = whole.facts(ended["id"])
        assert [kinds.count(f"call.{what}") for what in ("arrived", "answered", "ended")] == [1, 1, 1]
