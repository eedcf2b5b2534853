"""Stories of inbound calls, told to a whole core on a FakeSwitch."""

from __future__ import annotations

from concurrent.futures import Future

from cti.calls.agent_states import AgentState
from cti.calls.call_states import CallState
from cti.ports.journal import JournalFailed
from tests.support.floor import until, world


async def test_a_caller_is_offered_acknowledged_rung_and_connected(tmp_path):
    async with world(tmp_path) as w:
        await w.ready("ann")
        call = await w.calls_in()
        await w.talk("ann", call)
        wanted = [
            "call.arrived",
            "call.queued",
            "offer.made",
            "offer.acknowledged",
            "ring.requested",
            "ring.started",
            "call.answered",
        ]
        assert [kind for kind in w.kinds(call) if kind in wanted] == wanted


async def test_the_page_has_acknowledged_before_the_invite_leaves(tmp_path):
    async with world(tmp_path) as w:
        await w.ready("ann")
        call = await w.calls_in()
        await w.rings("ann")
        at = {fact.kind.value: fact.at for fact in w.facts if fact.call == call.id}
        await until(lambda: any(f.kind.value == "ring.started" for f in w.facts))
        assert at["offer.acknowledged"] < next(f.at for f in w.facts if f.kind.value == "ring.started")


async def test_a_frozen_page_is_lost_and_the_caller_rings_at_the_next_agent(tmp_path):
    async with world(tmp_path) as w:
        await w.ready("ann")
        await w.ready("bob")
        w.console.frozen.add("page-ann")
        call = await w.calls_in()
        await w.talk("bob", call)
        assert w.agent("ann").state is AgentState.LOST


async def test_no_answer_means_aux_and_the_caller_keeps_his_place(tmp_path):
    async with world(tmp_path) as w:
        await w.ready("ann")
        first = await w.calls_in()
        await w.rings("ann")
        second = await w.calls_in("+8613900139000")
        w.switch.ring_times_out(w.agent("ann").endpoint)
        await until(lambda: w.agent("ann").state is AgentState.AUX)
        assert w.agent("ann").reason == "no_answer"
        await until(lambda: first.state is CallState.WAITING and first.holding)
        assert (w.core.offers.acd.position(first.id), w.core.offers.acd.position(second.id)) == (1, 2)


async def test_an_abandoned_ring_costs_the_agent_not_his_place(tmp_path):
    async with world(tmp_path) as w:
        ann = await w.ready("ann")
        idle = ann.idle_since
        call = await w.calls_in()
        await w.rings("ann")
        w.switch.hang_up(call.customer)
        await until(lambda: ann.state is AgentState.READY)
        assert ann.idle_since == idle
        assert call.record.ended_by == "caller"
        assert call.record.end_reason == "abandoned"


async def test_the_callers_hangup_leads_to_wrap_up_and_then_ready(tmp_path):
    async with world(tmp_path) as w:
        ann = await w.ready("ann")
        call = await w.calls_in()
        await w.talk("ann", call)
        w.switch.hang_up(call.customer)
        await until(lambda: ann.state is AgentState.WRAP_UP)
        assert call.record.ended_by == "caller"
        await w.command("ann", "wrapup.finish", call=call.id, disposition="solved")
        assert ann.state is AgentState.READY
        assert call.record.disposition == "solved"
        assert call.id not in w.house.floor.calls


async def test_the_agents_hangup_in_the_console_is_the_agents(tmp_path):
    async with world(tmp_path) as w:
        ann = await w.ready("ann")
        call = await w.calls_in()
        await w.talk("ann", call)
        await w.command("ann", "call.hangup", call=call.id)
        await until(lambda: ann.state is AgentState.WRAP_UP)
        assert call.record.ended_by == "agent"


async def test_the_phones_own_bye_is_the_agents_hangup(tmp_path):
    async with world(tmp_path) as w:
        ann = await w.ready("ann")
        call = await w.calls_in()
        await w.talk("ann", call)
        w.switch.hang_up(call.agent_leg)
        await until(lambda: ann.state is AgentState.WRAP_UP)
        assert call.record.ended_by == "agent"


async def test_next_status_chosen_in_a_call_comes_after_the_wrap_up(tmp_path):
    async with world(tmp_path) as w:
        ann = await w.ready("ann")
        call = await w.calls_in()
        await w.talk("ann", call)
        await w.command("ann", "agent.state", state="AUX", reason="lunch")
        w.switch.hang_up(call.customer)
        await until(lambda: ann.state is AgentState.WRAP_UP)
        await w.command("ann", "wrapup.finish", call=call.id, disposition="solved")
        assert (ann.state, ann.reason) == (AgentState.AUX, "lunch")


async def test_hold_and_resume(tmp_path):
    async with world(tmp_path) as w:
        await w.ready("ann")
        call = await w.calls_in()
        await w.talk("ann", call)
        await w.command("ann", "call.hold", call=call.id)
        await until(lambda: call.holding)
        assert w.switch.where(call.agent_leg) == "cti-agenthold"
        await w.command("ann", "call.resume", call=call.id)
        await until(lambda: w.asked("bridge"))
        assert call.state is CallState.TALKING
        w.switch.hang_up(call.customer)
        await until(lambda: call.state is CallState.ENDED)
        assert call.record.hold_s > 0


async def test_a_lost_page_keeps_the_caller_and_gives_him_back(tmp_path):
    async with world(tmp_path, hold_for_agent=3.0) as w:
        ann = await w.ready("ann")
        call = await w.calls_in()
        await w.talk("ann", call)
        w.core.pages.gone(ann, "page-ann")
        await until(lambda: w.switch.where(call.customer) == "cti-hold")
        assert (ann.state, call.state) == (AgentState.LOST, CallState.LOST_AGENT)
        w.core.pages.opened(ann, "page-ann-2")
        endpoint = await w.softphone("ann")
        await until(lambda: w.switch.ringing(endpoint))
        w.switch.agent_answers(endpoint)
        await until(lambda: ann.state is AgentState.ON_CALL)
        assert call.state is CallState.TALKING
        assert "call.reattached" in w.kinds(call)


async def test_a_lost_agents_caller_is_offered_on_first_in_line(tmp_path):
    async with world(tmp_path, hold_for_agent=0.3) as w:
        ann = await w.ready("ann")
        call = await w.calls_in()
        await w.talk("ann", call)
        other = await w.calls_in("+8613900139000")
        w.core.pages.gone(ann, "page-ann")
        await until(lambda: call.state is CallState.WAITING)
        assert w.core.offers.acd.position(call.id) == 1
        await w.ready("bob")
        await w.talk("bob", call)
        assert other.state is CallState.WAITING


async def test_media_lost_is_a_loss_and_no_hangup(tmp_path):
    async with world(tmp_path, hold_for_agent=3.0) as w:
        await w.ready("ann")
        call = await w.calls_in()
        await w.talk("ann", call)
        w.switch.media_lost(call.agent_leg)
        await until(lambda: call.state is CallState.LOST_AGENT)
        await until(lambda: w.switch.where(call.customer) == "cti-hold")


async def test_media_lost_after_another_page_took_the_line_gives_the_caller_to_that_page(tmp_path):
    async with world(tmp_path, hold_for_agent=3.0) as w:
        ann = await w.ready("ann")
        call = await w.calls_in()
        await w.talk("ann", call)
        w.core.pages.opened(ann, "page-ann-2")  # before the api knew that the first one is gone
        endpoint = await w.softphone("ann")
        assert call.state is CallState.TALKING
        w.switch.media_lost(call.agent_leg)
        await until(lambda: w.switch.ringing(endpoint))
        w.switch.agent_answers(endpoint)
        await until(lambda: ann.state is AgentState.ON_CALL)
        assert call.state is CallState.TALKING


async def test_media_lost_on_the_line_he_has_is_not_tried_again(tmp_path):
    """Else a computer without a way for media would be rung every few seconds."""
    async with world(tmp_path, hold_for_agent=0.3) as w:
        ann = await w.ready("ann")
        call = await w.calls_in()
        await w.talk("ann", call)
        endpoint = ann.endpoint
        w.switch.media_lost(call.agent_leg)
        await until(lambda: call.state is CallState.WAITING)
        assert not w.switch.ringing(endpoint)
        assert "call.reattached" not in w.kinds(call)


async def test_several_owners_of_a_number_are_candidates_and_one_alone_is_chosen(tmp_path):
    async with world(tmp_path) as w:
        w.owners.rows["+8613800138000"] = [{"owner": "o1", "name": "周建国"}]
        await w.ready("ann")
        call = await w.calls_in("013800138000")
        await w.rings("ann")
        assert call.record.from_number == "+8613800138000"
        assert call.record.owner == "o1"
        assert w.console.pops("page-ann")[0]["candidates"] == [{"owner": "o1", "name": "周建国"}]


async def test_the_queues_figures_are_a_fold_of_the_facts(tmp_path):
    async with world(tmp_path) as w:
        await w.ready("ann")
        call = await w.calls_in()
        await w.talk("ann", call)
        waiting = await w.calls_in("+8613900139000")
        await until(lambda: (w.console.entities.get(("queue", "repairs")) or {}).get("waiting") == 1)
        w.switch.hang_up(waiting.customer)
        await until(lambda: (w.console.entities.get(("queue", "repairs")) or {}).get("abandoned") == 1)
        figures = w.console.entities["queue", "repairs"]
        assert figures is not None
        assert (figures["offered"], figures["answered"], figures["waiting"]) == (2, 1, 0)


async def test_a_position_is_announced(tmp_path):
    async with world(tmp_path, announce_first=0.05) as w:
        call = await w.calls_in()
        await until(lambda: ("set_variable", call.customer, "CTI_SAY", "1") in w.switch.actions)


async def test_a_page_reloaded_in_the_wrap_up_goes_on_with_it(tmp_path):
    async with world(tmp_path) as w:
        ann = await w.ready("ann")
        call = await w.calls_in()
        await w.talk("ann", call)
        w.switch.hang_up(call.customer)
        await until(lambda: ann.state is AgentState.WRAP_UP)
        w.core.pages.gone(ann, "page-ann")
        assert ann.state is AgentState.LOST
        w.core.pages.opened(ann, "page-ann-2")
        await w.softphone("ann")
        await until(lambda: ann.state is AgentState.WRAP_UP)
        await w.command("ann", "wrapup.finish", call=call.id, disposition="solved")
        assert ann.state is AgentState.READY


async def test_a_numbers_own_region_reads_its_callers(tmp_path):
    async with world(tmp_path) as w:
        abroad = await w.calls_in("2025550123", dnis="4009")
        assert (abroad.record.from_number, abroad.record.from_raw) == ("+12025550123", "2025550123")


async def test_a_break_chosen_while_it_rings_begins_when_the_caller_is_gone(tmp_path):
    async with world(tmp_path) as w:
        await w.ready("ann")
        call = await w.calls_in()
        await w.rings("ann")
        await w.command("ann", "agent.state", state="AUX", reason="break")
        await until(lambda: w.console.entities["agent", "ann"]["next"] == {"state": "AUX", "reason": "break"})
        w.switch.hang_up(call.customer)
        await until(lambda: (w.agent("ann").state, w.agent("ann").reason) == (AgentState.AUX, "break"))
        await w.command("ann", "agent.state", state="READY")
        assert w.agent("ann").next is None


async def test_a_wrap_up_that_was_extended_is_told(tmp_path):
    async with world(tmp_path) as w:
        await w.ready("ann")
        call = await w.calls_in()
        await w.talk("ann", call)
        w.switch.hang_up(call.customer)
        await until(lambda: w.console.entities["agent", "ann"]["wrap_up_until"] is not None)
        before = w.console.entities["agent", "ann"]["wrap_up_until"]
        await w.command("ann", "wrapup.extend", seconds=30)
        await until(lambda: w.console.entities["agent", "ann"]["wrap_up_until"] > before)


async def test_a_pause_of_the_recording_is_a_fact_that_consoles_see(tmp_path):
    async with world(tmp_path) as w:
        await w.ready("ann")
        call = await w.calls_in()
        await w.talk("ann", call)
        w.switch._plan.channels[call.customer].variables["CTI_MM"] = "1"
        for _ in range(2):  # a second press says nothing new
            await w.command("ann", "record.pause", call=call.id)
        await until(lambda: w.console.entities["call", call.id]["recording"] == "paused")
        assert call.record.recording_paused
        await w.command("ann", "record.resume", call=call.id)
        await until(lambda: w.console.entities["call", call.id]["recording"] == "on")
        assert [kind for kind in w.kinds(call) if kind.startswith("recording.")] == [
            "recording.started",
            "recording.paused",
            "recording.resumed",
        ]


async def test_a_pause_that_the_switch_refuses_is_taken_back(tmp_path):
    async with world(tmp_path) as w:
        await w.ready("ann")
        call = await w.calls_in()
        await w.talk("ann", call)
        w.switch._plan.channels[call.customer].variables.pop("CTI_MM", None)
        await w.command("ann", "record.pause", call=call.id)
        await until(lambda: w.kinds(call)[-1] == "recording.resumed")
        assert call.recording == "on"


async def test_a_journal_that_fails_stops_routing_and_costs_no_agent_his_state(tmp_path, monkeypatch):
    async with world(tmp_path, audit=0.2) as w:
        agents = [await w.ready(name) for name in ("ann", "bob", "cid")]
        put = w.journal.put

        def fails(_facts):
            failed: Future[None] = Future()
            failed.set_exception(JournalFailed("no space left"))
            return failed

        monkeypatch.setattr(w.journal, "put", fails)
        call = await w.calls_in()
        await until(lambda: "offer.made" in w.kinds(call))
        w.core._journal_ok = lambda: False  # a look before the offer would only have stopped routing
        await until(lambda: "offer.withdrawn" in w.kinds(call))
        await until(lambda: call.offer is None)
        assert [agent.state for agent in agents] == [AgentState.READY] * 3
        assert w.kinds(call).count("offer.made") == 1
        monkeypatch.setattr(w.journal, "put", put)
        w.core._journal_ok = lambda: True
        await w.talk("ann", call)
