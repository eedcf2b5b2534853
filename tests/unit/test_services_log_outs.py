"""Stories of agents who go home in the middle of something, told to a whole core on a FakeSwitch."""

from __future__ import annotations

import pytest

from cti.calls.agent_states import AgentState
from cti.calls.call_states import CallState
from cti.ports.telephony import ActionRefused
from routing.model import events as ev
from tests.support.floor import until, world
from tests.support.talking import consulting, talking


async def test_a_caller_who_talked_is_offered_on_at_once(tmp_path):
    async with world(tmp_path, hold_for_agent=60.0) as w:
        call = await talking(w, engineer=False)
        await w.ready("bob")
        await w.command("ann", "agent.logout")
        assert w.agent("ann").state is AgentState.LOGGED_OUT
        await w.talk("bob", call)


@pytest.mark.parametrize("given", ["call.blind", "consult.complete"])
async def test_who_gave_his_caller_away_and_goes_home_cuts_nobody_off(tmp_path, given):
    async with world(tmp_path) as w:
        call = await talking(w)
        if given == "call.blind":
            await w.command("ann", "call.blind", call=call.id, target={"kind": "agent", "id": "eve"})
            await w.talk("eve", call)
        else:
            await consulting(w, call)
            await w.command("ann", "consult.complete", call=call.id)
            await until(lambda: w.switch.where(call.customer) == "cti-room-caller")
        leg = call.agent_leg
        await w.command("ann", "agent.logout")
        await until(lambda: w.agent("ann").endpoint not in w.accounts.live)
        assert (call.state, call.agent_leg, w.agent("eve").state) == (CallState.TALKING, leg, AgentState.ON_CALL)
        assert ("hangup", leg) not in w.switch.actions


async def test_an_engineer_who_goes_home_in_a_consult_leaves_agent_and_caller_together(tmp_path):
    async with world(tmp_path) as w:
        call = await talking(w)
        await consulting(w, call)
        await w.command("eve", "agent.logout")
        await until(lambda: w.switch.where(call.customer) == "cti-room-caller")
        assert w.agent("eve").state is AgentState.LOGGED_OUT
        assert (w.agent("ann").state, call.state) == (AgentState.ON_CALL, CallState.TALKING)


@pytest.mark.parametrize("rings", [False, True])
async def test_a_ring_ends_with_the_shift_and_the_caller_goes_to_the_next(tmp_path, rings):
    async with world(tmp_path, page_ack=5.0) as w:
        w.console.frozen = set() if rings else {"page-ann"}
        await w.ready("ann")
        call = await w.calls_in()
        wanted = AgentState.RINGING if rings else AgentState.RESERVED
        await until(lambda: w.agent("ann").state is wanted and w.console.pops("page-ann") != [])
        await w.command("ann", "agent.logout")
        await w.ready("bob")
        await w.talk("bob", call)


async def test_an_offer_of_an_agent_who_has_moved_meanwhile_still_frees_its_caller(tmp_path):
    async with world(tmp_path) as w:
        await w.ready("ann")
        call = await w.calls_in()
        await w.rings("ann")
        offer = call.offer
        w.agent("ann").state, w.agent("ann").call = AgentState.LOGGED_OUT, None  # whatever brought it about
        w.core.offers.fail(call, offer, ev.OfferFailure.NO_ANSWER, "no_answer")
        w.switch.agent_declines(w.agent("ann").endpoint)
        await w.ready("bob")
        await w.talk("bob", call)


async def test_the_core_outlives_a_way_out_that_fails_itself(tmp_path):
    async with world(tmp_path) as w:
        await w.ready("ann")
        call = await w.calls_in()

        async def refused() -> None:
            raise ActionRefused("Redirect", "no")

        def also_fails(_error: Exception) -> None:
            raise RuntimeError("way out")

        w.house.act(call, refused, also_fails)
        await w.talk("ann", call)


async def test_an_ended_call_stays_for_the_last_who_wraps_it_up_and_then_goes(tmp_path):
    async with world(tmp_path) as w:
        call = await talking(w)
        await consulting(w, call)
        await w.command("ann", "consult.complete", call=call.id)
        w.switch.hang_up(call.customer)
        await until(lambda: w.agent("eve").state is AgentState.WRAP_UP)
        await w.command("eve", "wrapup.finish", call=call.id, disposition="solved")
        assert call.id in w.house.floor.calls
        await w.command("ann", "wrapup.finish", call=call.id, disposition="handed_over")
        assert call.id not in w.house.floor.calls
        await until(lambda: w.console.entities["call", call.id] is None)


async def test_a_wrap_up_that_ends_by_itself_takes_its_call_off_the_consoles(tmp_path):
    async with world(tmp_path, wrap_up=0.1) as w:
        call = await talking(w, engineer=False)
        w.switch.hang_up(call.customer)
        await until(lambda: w.agent("ann").state is AgentState.READY)
        await until(lambda: w.console.entities["call", call.id] is None)


async def test_a_ring_back_to_who_goes_home_ends_and_the_caller_goes_to_the_next(tmp_path):
    async with world(tmp_path, hold_for_agent=60.0) as w:
        call = await talking(w, engineer=False)
        w.core.pages.gone(w.agent("ann"), "page-ann")
        await until(lambda: call.state is CallState.LOST_AGENT and call.holding)
        w.core.pages.opened(w.agent("ann"), "page-new")
        endpoint = await w.softphone("ann")
        await until(lambda: w.switch.ringing(endpoint))
        await w.command("ann", "agent.logout")
        await until(lambda: w.switch.where(call.customer) == "cti-hold")
        await w.ready("bob")
        await w.talk("bob", call)
