"""Stories of a core, an api or a switch that dies and comes back, told to a whole core on a FakeSwitch."""

from __future__ import annotations

from dataclasses import replace

from carillon.core.remembered import remembered
from cti.ami.fake import FakeSwitch
from cti.calls.agent_states import AgentState
from cti.calls.call_states import CallState
from cti.ports.telephony import ActionRefused
from cti.services.entities import call_entity
from cti.services.restore import restore
from tests.support.floor import FAST, WallClock, World, running, until, world


async def _second_core(tmp_path, switch: FakeSwitch, names=("ann",), **changes: float) -> World:
    """A new core on the same state and the same switch."""
    second = World(tmp_path, replace(FAST, **changes), switch=switch, epoch="e2")
    for name in names:
        second.employ(name)
    second.journal.open()
    facts = await remembered(second.journal)
    second.journal.close()
    restore(second.core, facts)
    return second


def _open_pages(second, *names):
    for name in names:
        second.core.pages.opened(second.agent(name), f"page-{name}")


async def test_a_restarted_core_finds_its_talking_call_and_touches_nothing(tmp_path):
    async with world(tmp_path) as w:
        await w.ready("ann")
        call = await w.calls_in()
        await w.talk("ann", call)
    switch = w.switch
    before = len(switch.actions)
    second = await _second_core(tmp_path, switch)
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
    second = await _second_core(tmp_path, w.switch)
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
    second = await _second_core(tmp_path, w.switch)
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
    second = await _second_core(tmp_path, w.switch)
    async with running(second):
        assert second.agent("ann").state is AgentState.WRAP_UP
        assert second.house.floor.calls[call.id].record.end_reason == "lost_while_away"


async def test_a_ring_from_before_is_not_rung_again(tmp_path):
    async with world(tmp_path) as w:
        await w.ready("ann")
        call = await w.calls_in()
        await w.rings("ann")
    rings = len(w.asked("redirect"))
    second = await _second_core(tmp_path, w.switch)
    async with running(second):
        second.core.pages.opened(second.agent("ann"), "page-ann")
        assert len(w.asked("redirect")) == rings
        w.switch.agent_answers(second.agent("ann").endpoint)
        await until(lambda: second.agent("ann").state is AgentState.ON_CALL)
        assert second.house.floor.calls[call.id].state is CallState.TALKING


async def test_an_agent_without_a_page_after_the_restart_is_lost_in_time(tmp_path):
    async with world(tmp_path) as w:
        await w.ready("ann")
    second = await _second_core(tmp_path, w.switch)
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
    async with world(tmp_path) as w:
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
    second = await _second_core(tmp_path, w.switch)
    async with running(second):
        again = second.house.floor.calls[call.id]
        second.core.pages.opened(second.agent("ann"), "page-ann")
        await second.command("ann", "call.resume", call=call.id)
        await until(lambda: w.switch.partner_of(again.customer) == again.agent_leg != "")
        assert again.state is CallState.TALKING


async def test_an_audit_does_not_end_a_call_that_came_while_its_snapshot_was_taken(tmp_path):
    async with world(tmp_path) as w:
        await w.ready("ann")
        old = await w.switch.snapshot()
        call = await w.calls_in()
        w.core.resync.audit(old)
        await w.talk("ann", call)


async def test_an_audit_does_not_take_a_call_back_that_was_moved_meanwhile(tmp_path):
    async with world(tmp_path) as w:
        await w.ready("ann")
        await w.command("ann", "agent.state", state="AUX", reason="break")
        call = await w.calls_in()
        await until(lambda: call.holding)
        old = await w.switch.snapshot()
        await w.command("ann", "agent.state", state="READY")
        await w.talk("ann", call)
        w.core.resync.audit(old)
        assert (call.state, w.agent("ann").state) == (CallState.TALKING, AgentState.ON_CALL)


async def test_an_audit_does_not_bring_back_a_caller_who_has_hung_up(tmp_path):
    async with world(tmp_path) as w:
        ann = await w.ready("ann")
        await w.command("ann", "agent.state", state="AUX", reason="break")
        call = await w.calls_in()
        await until(lambda: call.holding)
        old = await w.switch.snapshot()
        w.switch.hang_up(call.customer)
        await until(lambda: call.id not in w.house.floor.calls)
        w.core.resync.audit(old)
        assert (list(w.house.floor.calls), ann.call) == ([], None)


async def test_an_audit_adopts_a_caller_whom_two_in_a_row_have_seen(tmp_path):
    async with world(tmp_path) as w:
        call = await w.calls_in()
        await until(lambda: call.holding)
        seen = await w.switch.snapshot()
        w.core.talks.end(call, cause=0)  # as if the core had lost sight of him
        w.core.talks.release(call)
        w.core.resync.audit(seen)
        assert call.id not in w.house.floor.calls
        w.core.resync.audit(seen)
        assert w.house.floor.calls[call.id].state is CallState.WAITING


async def test_a_first_snapshot_that_is_late_is_asked_for_again(tmp_path):
    switch = FakeSwitch(WallClock(), ring_seconds=FAST.ring)
    switch.fail_next("snapshot")
    w = World(tmp_path, replace(FAST, snapshot_again=0.02), switch=switch)
    async with running(w):
        await w.ready("ann")
        await w.talk("ann", await w.calls_in())


async def test_a_late_snapshot_after_a_reconnect_does_not_keep_callers_waiting(tmp_path):
    async with world(tmp_path, snapshot_again=0.02) as w:
        ann = await w.ready("ann")
        w.switch.disconnect()
        w.switch.connect()
        w.switch.fail_next("snapshot", ActionRefused("Status", "busy"))
        await w.talk(ann.id, await w.calls_in())


async def test_a_connection_lost_while_the_first_snapshot_is_asked_for_is_begun_anew(tmp_path):
    async with world(tmp_path, snapshot_again=0.02) as w:
        ann = await w.ready("ann")
        w.switch.disconnect()
        w.switch.connect()
        w.switch.disconnect()
        await until(lambda: not w.core.board.switch_up)
        w.switch.connect()
        await w.talk(ann.id, await w.calls_in())


async def test_a_core_that_starts_with_a_new_switch_knows_that_the_old_accounts_are_dead(tmp_path):
    async with world(tmp_path) as w:
        await w.ready("ann")
    w.switch.crash()
    w.switch.boot()
    second = await _second_core(tmp_path, w.switch)
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
    second = await _second_core(tmp_path, w.switch)
    async with running(second):
        assert second.agent("ann").endpoint == w.agent("ann").endpoint != ""


# ---- a phone that rings while the core is away ----------------------------------------------------------------------------


async def _ringing_at_ann(tmp_path):
    """A second core that comes while ann's phone rings; her page is open again."""
    async with world(tmp_path) as w:
        await w.ready("ann")
        call = await w.calls_in()
        await w.rings("ann")
    second = await _second_core(tmp_path, w.switch)
    return second, second.house.floor.calls[call.id], second.agent("ann")


async def test_a_ring_from_before_that_nobody_answers_makes_its_agent_aux_and_the_caller_is_offered_on(tmp_path):
    second, call, ann = await _ringing_at_ann(tmp_path)
    async with running(second):
        second.core.pages.opened(ann, "page-ann")
        assert second.core.offers.acd.position(call.id) == 1
        second.switch.ring_times_out(ann.endpoint)
        await until(lambda: ann.state is AgentState.AUX)
        assert ann.reason == "no_answer"
        await second.ready("bob")
        await second.talk("bob", call)


async def test_a_caller_who_hangs_up_in_a_ring_from_before_sets_its_agent_free_at_once(tmp_path):
    second, call, ann = await _ringing_at_ann(tmp_path)
    async with running(second):
        second.core.pages.opened(ann, "page-ann")
        second.switch.hang_up(call.customer)
        await until(lambda: ann.state is AgentState.READY)
        assert (call.record.end_reason, list(second.house.floor.calls)) == ("abandoned", [])
        await second.talk("ann", await second.calls_in())


async def test_an_answered_ring_from_before_leaves_the_queue(tmp_path):
    second, call, ann = await _ringing_at_ann(tmp_path)
    async with running(second):
        second.core.pages.opened(ann, "page-ann")
        second.switch.agent_answers(ann.endpoint)
        await until(lambda: ann.state is AgentState.ON_CALL)
        assert (second.core.offers.acd.position(call.id), call.offer) == (None, None)


async def test_a_resume_ring_from_before_that_fails_offers_the_caller_on(tmp_path):
    async with world(tmp_path) as w:
        ann = await w.ready("ann")
        call = await w.calls_in()
        await w.talk("ann", call)
        w.core.pages.missed(ann)
        await until(lambda: call.holding)
        w.core.pages.opened(ann, "page-ann")
        await until(lambda: w.switch.ringing(ann.endpoint))
    second = await _second_core(tmp_path, w.switch, hold_for_agent=60.0)
    async with running(second):
        second.core.pages.opened(second.agent("ann"), "page-ann")
        w.switch.agent_declines(ann.endpoint)
        await until(lambda: second.house.floor.calls[call.id].state is CallState.WAITING)
        assert second.agent("ann").state is AgentState.AUX
        assert [action[2] for action in w.asked("redirect")].count("cti-again") == 1


async def test_a_held_caller_whose_agent_left_while_the_core_was_away_is_kept_for_him(tmp_path):
    async with world(tmp_path) as w:
        await w.ready("ann")
        before = await w.calls_in()
        await w.talk("ann", before)
        await w.command("ann", "call.hold", call=before.id)
        await until(lambda: before.agent_parked and before.holding)
    w.switch.disconnect()
    w.switch.hang_up(before.agent_leg)
    second = await _second_core(tmp_path, w.switch)
    async with running(second):
        call, ann = second.house.floor.calls[before.id], second.agent("ann")
        assert (call.state, ann.state) == (CallState.LOST_AGENT, AgentState.LOST)
        _open_pages(second, "ann")
        await until(lambda: w.switch.ringing(ann.endpoint))


# ---- an ended call that is written up -------------------------------------------------------------------------------------


async def _wrapping_up(w):
    await w.ready("ann")
    call = await w.calls_in()
    await w.talk("ann", call)
    w.switch.hang_up(call.customer)
    await until(lambda: w.agent("ann").state is AgentState.WRAP_UP)
    return call


async def test_a_wrap_up_goes_on_after_a_restart_of_the_core(tmp_path):
    async with world(tmp_path) as w:
        before = await _wrapping_up(w)
    second = await _second_core(tmp_path, w.switch)
    async with running(second):
        call, ann = second.house.floor.calls[before.id], second.agent("ann")
        _open_pages(second, "ann")
        assert (ann.state, ann.call, call.state) == (AgentState.WRAP_UP, call.id, CallState.ENDED)
        assert call_entity(second.house, call)["state"] == "wrap_up"
        await second.command("ann", "wrapup.finish", call=call.id, disposition="solved")
        assert (call.record.disposition, ann.state) == ("solved", AgentState.READY)
        await until(lambda: second.console.entities.get(("call", call.id), call) is None)
        assert second.house.floor.calls == {}


async def test_a_page_that_was_reloading_in_its_wrap_up_when_the_core_died_finds_it_again(tmp_path):
    async with world(tmp_path) as w:
        before = await _wrapping_up(w)
        w.core.pages.gone(w.agent("ann"), "page-ann")
    second = await _second_core(tmp_path, w.switch)
    async with running(second):
        _open_pages(second, "ann")
        assert (second.agent("ann").state, second.agent("ann").call) == (AgentState.WRAP_UP, before.id)


async def test_a_call_that_the_journal_has_cut_is_not_half_restored(tmp_path):
    async with world(tmp_path) as w:
        call = await _wrapping_up(w)
        await w.house.recorder.commit()
        await w.journal.cut((await w.journal.of_call(call.id))[1].seq)
    second = await _second_core(tmp_path, w.switch)
    async with running(second):
        assert (second.house.floor.calls, second.agent("ann").call) == ({}, None)


async def test_an_ended_call_that_nobody_is_bound_to_any_more_leaves_at_the_next_audit(tmp_path):
    async with world(tmp_path) as w:
        call = await _wrapping_up(w)
        w.agent("ann").call = None
        w.core.resync.audit(await w.switch.snapshot())
        assert w.house.floor.calls == {}
        await until(lambda: w.console.entities[("call", call.id)] is None)


async def test_who_was_lost_and_whose_caller_was_given_on_is_free_after_a_restart(tmp_path):
    async with world(tmp_path, hold_for_agent=0.1) as w:
        await w.ready("ann")
        call = await w.calls_in()
        await w.talk("ann", call)
        await w.ready("bob")
        w.core.pages.gone(w.agent("ann"), "page-ann")
        await w.talk("bob", call)
        w.switch.hang_up(call.customer)
        await until(lambda: w.agent("bob").state is AgentState.WRAP_UP)
    second = await _second_core(tmp_path, w.switch, ("ann", "bob"))
    assert second.agent("ann").call is None
    async with running(second):
        second.core.pages.opened(second.agent("ann"), "page-new")
        await second.softphone("ann")
        await until(lambda: second.agent("ann").state is not AgentState.LOST)
