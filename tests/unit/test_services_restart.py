"""Stories of a core, an api or a switch that dies and comes back, told to a whole core on a FakeSwitch."""

from __future__ import annotations

from cti.calls.agent_states import AgentState
from cti.calls.call_states import CallState
from tests.support.floor import running, until, world
from tests.support.restarts import open_pages, second_core


async def test_a_restarted_core_finds_its_talking_call_and_touches_nothing(tmp_path):
    async with world(tmp_path) as w:
        await w.ready("ann")
        call = await w.calls_in()
        await w.talk("ann", call)
    switch = w.switch
    before = len(switch.actions)
    second = await second_core(tmp_path, switch)
    async with running(second):
        again = second.house.floor.calls[call.id]
        assert (again.state, second.agent("ann").state) == (CallState.TALKING, AgentState.ON_CALL)
        assert again.agent_leg == call.agent_leg
        assert [action[0] for action in switch.actions[before:] if action[0] not in ("queue_add", "snapshot")] == []
        switch.hang_up(call.customer)
        await until(lambda: second.agent("ann").state is AgentState.WRAP_UP)
        assert again.record.answered_at == call.record.answered_at


async def test_a_restarted_core_offers_a_waiting_caller_at_his_place(tmp_path):
    async with world(tmp_path) as w:
        await w.ready("ann")
        await w.command("ann", "agent.state", state="AUX", reason="break")
        first = await w.calls_in()
        await until(lambda: first.holding)
        second_call = await w.calls_in("+8613900139000")
        await until(lambda: second_call.holding)
    second = await second_core(tmp_path, w.switch)
    async with running(second):
        acd = second.core.offers.acd
        assert (acd.position(first.id), acd.position(second_call.id)) == (1, 2)
        second.core.pages.opened(second.agent("ann"), "page-ann")
        await second.command("ann", "agent.state", state="READY")
        await second.talk("ann", second.house.floor.calls[first.id])


async def test_a_caller_who_came_while_the_core_was_away_is_adopted_into_the_default_queue(tmp_path):
    async with world(tmp_path) as w:
        await w.ready("ann")
    leg = w.switch.caller_arrives("+8613900139000", "4001")
    w.switch.ivr_ends(leg)  # no AGI answers: the emergency queue
    second = await second_core(tmp_path, w.switch)
    async with running(second):
        call = second.house.floor.call_of_leg(leg)
        assert call is not None
        assert call.record.queue == "repairs"
        second.core.pages.opened(second.agent("ann"), "page-ann")
        await second.talk("ann", call)


async def test_a_call_that_ended_meanwhile_is_closed_and_its_agent_wraps_up(tmp_path):
    async with world(tmp_path) as w:
        await w.ready("ann")
        call = await w.calls_in()
        await w.talk("ann", call)
    w.switch.disconnect()
    w.switch.hang_up(call.customer)
    second = await second_core(tmp_path, w.switch)
    async with running(second):
        assert second.agent("ann").state is AgentState.WRAP_UP
        assert second.house.floor.calls[call.id].record.end_reason == "lost_while_away"


async def test_an_agent_without_a_page_after_the_restart_is_lost_in_time(tmp_path):
    async with world(tmp_path) as w:
        await w.ready("ann")
    second = await second_core(tmp_path, w.switch, api_away=1.5)
    async with running(second):
        assert second.agent("ann").state is AgentState.READY
        await until(lambda: second.agent("ann").state is AgentState.LOST)


async def test_an_api_that_comes_back_in_time_changes_nothing(tmp_path):
    async with world(tmp_path) as w:
        ann = await w.ready("ann")
        call = await w.calls_in()
        await w.talk("ann", call)
        w.core.pages.api_away()
        waiting = await w.calls_in("+8613900139000")
        await w.ready("bob")
        assert waiting.state is CallState.WAITING
        w.core.pages.api_back([("page-ann", "ann")])
        await w.talk("bob", waiting)
        assert ann.state is AgentState.ON_CALL


async def test_an_api_that_stays_away_loses_its_pages_and_keeps_their_callers(tmp_path):
    async with world(tmp_path, api_away=0.3) as w:
        ann = await w.ready("ann")
        call = await w.calls_in()
        await w.talk("ann", call)
        w.core.pages.api_away()
        await until(lambda: ann.state is AgentState.LOST)
        assert call.state is CallState.LOST_AGENT


async def test_a_restarted_switch_closes_every_call_and_leaves_no_agent_stuck(tmp_path):
    async with world(tmp_path) as w:
        ann = await w.ready("ann")
        bob = await w.ready("bob")
        call = await w.calls_in()
        talker, other = (ann, bob) if await _who_rings(w) == "ann" else (bob, ann)
        await w.talk(talker.id, call)
        w.switch.crash()
        w.switch.restart()
        await until(lambda: call.state is CallState.ENDED)
        assert call.record.end_reason == "pbx_restart"
        assert (talker.state, other.state) == (AgentState.WRAP_UP, AgentState.LOST)
        await w.softphone(other.id)
        assert other.state is AgentState.READY


async def test_a_softphone_that_was_quicker_than_the_core_at_a_restarted_switch_keeps_its_account(tmp_path):
    """It registered before the core was connected: nobody would tell its page that the account is taken for dead."""
    async with world(tmp_path) as w:
        ann = await w.ready("ann")
        w.switch.crash()
        await until(lambda: not w.core.board.switch_up)
        w.switch.boot()
        account = await w.command("ann", "softphone.mint", page="page-ann")
        await w.command("ann", "softphone.registered", endpoint=account["endpoint"])
        w.switch.connect(restarted=True)
        await until(lambda: w.core.board.switch_up)
        assert (ann.endpoint, ann.registered, ann.state) == (account["endpoint"], True, AgentState.READY)


async def _who_rings(w) -> str:
    await until(lambda: any(agent.state is AgentState.RINGING for agent in w.house.floor.agents.values()))
    return next(agent.id for agent in w.house.floor.agents.values() if agent.state is AgentState.RINGING)


async def test_the_emergency_queue_has_the_ready_agents_as_members(tmp_path):
    async with world(tmp_path) as w:
        ann = await w.ready("ann")
        await until(lambda: w.switch.queue_members == [f"PJSIP/{ann.endpoint}"])
        await w.command("ann", "agent.state", state="AUX", reason="break")
        await until(lambda: w.switch.queue_members == [])


async def test_the_heartbeat_counts(tmp_path):
    async with world(tmp_path, heartbeat=0.02) as w:
        await until(lambda: w.switch.globals.get("CTI_HB", "") != "")
        first = w.switch.globals["CTI_HB"]
        await until(lambda: w.switch.globals["CTI_HB"] != first)


async def test_a_restarted_core_gives_a_held_caller_back_to_his_agent(tmp_path):
    async with world(tmp_path) as w:
        await w.ready("ann")
        call = await w.calls_in()
        await w.talk("ann", call)
        await w.command("ann", "call.hold", call=call.id)
        await until(lambda: call.agent_parked and call.holding)
    second = await second_core(tmp_path, w.switch)
    async with running(second):
        again = second.house.floor.calls[call.id]
        second.core.pages.opened(second.agent("ann"), "page-ann")
        await second.command("ann", "call.resume", call=call.id)
        await until(lambda: w.switch.partner_of(again.customer) == again.agent_leg != "")
        assert again.state is CallState.TALKING


async def test_a_core_that_starts_with_a_new_switch_knows_that_the_old_accounts_are_dead(tmp_path):
    async with world(tmp_path) as w:
        await w.ready("ann")
    w.switch.crash()
    w.switch.boot()
    second = await second_core(tmp_path, w.switch)
    async with running(second):
        ann = second.agent("ann")
        assert (ann.endpoint, ann.registered, ann.state) == ("", False, AgentState.LOST)
        second.core.pages.opened(ann, "page-ann")
        await second.softphone("ann")
        assert ann.state is AgentState.READY
        await second.talk("ann", await second.calls_in())


async def test_a_core_that_starts_on_the_same_switch_keeps_the_accounts(tmp_path):
    async with world(tmp_path) as w:
        await w.ready("ann")
    second = await second_core(tmp_path, w.switch)
    async with running(second):
        assert second.agent("ann").endpoint == w.agent("ann").endpoint != ""


async def test_a_held_caller_whose_agent_left_while_the_core_was_away_is_kept_for_him(tmp_path):
    async with world(tmp_path) as w:
        await w.ready("ann")
        before = await w.calls_in()
        await w.talk("ann", before)
        await w.command("ann", "call.hold", call=before.id)
        await until(lambda: before.agent_parked and before.holding)
    w.switch.disconnect()
    w.switch.hang_up(before.agent_leg)
    second = await second_core(tmp_path, w.switch)
    async with running(second):
        call, ann = second.house.floor.calls[before.id], second.agent("ann")
        assert (call.state, ann.state) == (CallState.LOST_AGENT, AgentState.LOST)
        open_pages(second, "ann")
        await until(lambda: w.switch.ringing(ann.endpoint))
