"""The telephony port: a caller waits, an agent rings and answers, somebody hangs up; on both switches."""

from __future__ import annotations

from cti.ports.telephony import DialBegan, DialEnded, HangupRequested, HungUp, MusicStarted, Place, QueueJoined
from tests.contract.scenes import channel, held, ringing, talking


async def test_an_arriving_caller_tells_who_he_is_and_then_waits_with_music(stage):
    caller = await held(stage)
    arrived = await stage.heard.wait("CTIArrived", uniqueid=caller)
    assert (arrived.values["ani"], arrived.values["dnis"], arrived.values["name"]) == ("+8613800138000", "4001", "Anna")
    hold = await stage.heard.wait("CTIHold", uniqueid=caller)
    assert hold.call == arrived.call != ""


async def test_the_snapshot_knows_a_waiting_caller_and_what_was_written_on_him(stage):
    caller = await held(stage)
    await stage.telephony.set_variable(caller, "CTI_QUEUE", "repairs")
    row = await channel(stage, caller)
    assert (row.context, row.endpoint, row.caller_number, row.variables["CTI_QUEUE"]) == (
        "cti-hold",
        "trunk",
        "+8613800138000",
        "repairs",
    )
    assert row.call == (await stage.heard.wait("CTIArrived", uniqueid=caller)).call


async def test_a_ring_carries_the_call_and_the_end_point(stage):
    caller = await held(stage)
    await ringing(stage, caller)
    began = await stage.heard.wait(DialBegan, uniqueid=caller)
    assert (began.dest_endpoint, began.call) == (stage.agent, (await stage.heard.wait("CTIArrived", uniqueid=caller)).call)


async def test_an_answer_ends_the_dial_and_bridges_both_legs(stage):
    caller, leg = await talking(stage)
    ended = await stage.heard.wait(DialEnded, dest=leg)
    assert (ended.status, ended.dest_endpoint) == ("ANSWER", stage.agent)
    assert (await channel(stage, caller)).bridge == (await channel(stage, leg)).bridge != ""


async def test_a_refused_ring_brings_the_caller_back_to_his_music(stage):
    caller = await held(stage)
    leg = await ringing(stage, caller)
    mark = stage.heard.mark
    await stage.agent_declines()
    await stage.heard.wait(MusicStarted, mark, uniqueid=caller)
    end = await stage.heard.wait("CTIRingEnd", mark, uniqueid=caller)
    assert (end.values["agent"], end.values["dialstatus"]) == (stage.agent, "CHANUNAVAIL")
    assert (await stage.heard.wait(HungUp, mark, uniqueid=leg)).tech_cause == "603"


async def test_a_ring_is_withdrawn_by_taking_the_caller_back(stage):
    caller = await held(stage)
    leg = await ringing(stage, caller)
    mark = stage.heard.mark
    await stage.telephony.redirect(caller, Place("cti-hold"))
    await stage.heard.wait(MusicStarted, mark, uniqueid=caller)
    assert (await stage.heard.wait(DialEnded, mark, dest=leg)).status == "CANCEL"
    await stage.heard.wait(HungUp, mark, uniqueid=leg)
    assert stage.heard.find("CTIRingEnd", mark) is None


async def test_a_caller_who_hangs_up_while_it_rings_ends_both_legs(stage):
    caller = await held(stage)
    leg = await ringing(stage, caller)
    stage.caller_hangs_up()
    await stage.heard.wait(HungUp, uniqueid=leg)
    await stage.heard.wait(HungUp, uniqueid=caller)
    assert stage.heard.find("CTIRingEnd") is None


async def test_who_hung_up_is_the_first_request(stage):
    caller, leg = await talking(stage)
    mark = stage.heard.mark
    stage.agent_hangs_up()
    await stage.heard.wait("CTIAgentLeft", mark, uniqueid=caller)
    requests = [event.uniqueid for event in stage.heard.events[mark:] if isinstance(event, HangupRequested)]
    assert requests[0] == leg


async def test_after_the_agents_end_the_caller_can_be_kept(stage):
    caller, _ = await talking(stage)
    mark = stage.heard.mark
    stage.agent_hangs_up()
    await stage.heard.wait("CTIAgentLeft", mark, uniqueid=caller)
    await stage.telephony.redirect(caller, Place("cti-hold"))
    await stage.heard.wait(MusicStarted, mark, uniqueid=caller)
    assert (await channel(stage, caller)).context == "cti-hold"


async def test_after_the_agents_end_an_unasked_caller_is_kept_for_a_moment_and_hung_up(stage):
    caller, _ = await talking(stage)
    stage.agent_hangs_up()
    left = await stage.heard.wait("CTIAgentLeft", uniqueid=caller)
    gone = await stage.heard.wait(HungUp, uniqueid=caller)
    assert (gone.at - left.at).total_seconds() > 0.5


async def test_an_unanswered_ring_ends_after_the_time_that_was_set(stage):
    caller = await held(stage)
    await stage.telephony.set_variable(caller, "CTI_RING_TO", "1")
    await stage.telephony.set_variable(caller, "CTI_OFFER", "offer-1")
    mark = stage.heard.mark
    await ringing(stage, caller)
    end = await stage.heard.wait("CTIRingEnd", mark, uniqueid=caller)
    assert (end.values["dialstatus"], end.values["offer"]) == ("NOANSWER", "offer-1")
    await stage.heard.wait(MusicStarted, mark, uniqueid=caller)


async def test_an_end_point_that_is_not_there_ends_the_ring_at_once(stage):
    caller = await held(stage)
    mark = stage.heard.mark
    await stage.telephony.redirect(caller, Place("cti-ring", "w-nobody"))
    assert (await stage.heard.wait("CTIRingEnd", mark, uniqueid=caller)).values["dialstatus"] == "CHANUNAVAIL"
    await stage.heard.wait(MusicStarted, mark, uniqueid=caller)
    assert stage.heard.find(DialBegan, mark) is None


async def test_a_caller_in_the_emergency_queue_is_listed_and_can_be_adopted(stage):
    caller = await held(stage)
    await stage.telephony.redirect(caller, Place("cti-fallback"))
    await stage.heard.wait("CTIFallback", uniqueid=caller)
    await stage.heard.wait(QueueJoined, uniqueid=caller)
    assert (await stage.telephony.snapshot()).queue_callers == (caller,)
    mark = stage.heard.mark
    await stage.telephony.redirect(caller, Place("cti-hold"))
    await stage.heard.wait(MusicStarted, mark, uniqueid=caller)
    assert (await stage.telephony.snapshot()).queue_callers == ()


async def test_a_place_that_does_not_exist_inside_a_context_of_ours_comes_back_to_hold(stage):
    caller = await held(stage)
    mark = stage.heard.mark
    await stage.telephony.redirect(caller, Place("cti-hold", "nowhere"))
    await stage.heard.wait(MusicStarted, mark, uniqueid=caller)
