"""Stories of consult, hand-over, transfer and outbound calls, told to a whole core on a FakeSwitch."""

from __future__ import annotations

import pytest

from cti.calls.agent_states import AgentState
from cti.calls.call_states import CallState
from cti.calls.facts import FactKind
from cti.ports.consoles import CommandRefused
from cti.ports.telephony import ActionRefused
from tests.support.floor import until, world
from tests.support.talking import consulting, handed_over, talking


async def test_a_consult_holds_the_caller_while_agent_and_engineer_talk(tmp_path):
    async with world(tmp_path) as w:
        call = await talking(w)
        await consulting(w, call)
        await until(lambda: w.switch.where(call.customer) == "cti-hold")
        assert w.agent("ann").state is AgentState.CONSULTING
        assert w.agent("eve").state is AgentState.ON_CALL


async def test_a_completed_consult_leaves_the_caller_with_the_engineer(tmp_path):
    async with world(tmp_path) as w:
        call = await talking(w)
        await handed_over(w, call)
        assert w.agent("ann").state is AgentState.WRAP_UP
        assert (call.record.engineer, call.state) == ("eve", CallState.TALKING)
        w.switch.hang_up(call.customer)
        await until(lambda: w.agent("eve").state is AgentState.WRAP_UP)
        assert call.record.ended_by == "caller"


async def test_a_cancelled_consult_gives_the_caller_back(tmp_path):
    async with world(tmp_path) as w:
        call = await talking(w)
        await consulting(w, call)
        await w.command("ann", "consult.cancel", call=call.id)
        await until(lambda: w.switch.where(call.customer) == "cti-room-caller")
        await until(lambda: w.agent("eve").state is AgentState.READY)
        assert (w.agent("ann").state, call.state) == (AgentState.ON_CALL, CallState.TALKING)


async def test_three_way_brings_the_caller_into_the_room(tmp_path):
    async with world(tmp_path) as w:
        call = await talking(w)
        await consulting(w, call)
        await w.command("ann", "consult.three_way", call=call.id)
        await until(lambda: w.switch.where(call.customer) == "cti-room-caller")
        assert call.state is CallState.CONFERENCE


async def test_an_engineer_who_declines_costs_nobody_the_call(tmp_path):
    async with world(tmp_path) as w:
        call = await talking(w)
        await w.command("ann", "consult.start", call=call.id, target={"kind": "any_engineer"})
        await until(lambda: w.switch.ringing(w.agent("eve").endpoint))
        w.switch.agent_declines(w.agent("eve").endpoint)
        await until(lambda: call.state is CallState.TALKING)
        assert call.consult is None
        await until(lambda: w.switch.where(call.customer) == "cti-room-caller")


async def test_no_engineer_is_said_at_once(tmp_path):
    async with world(tmp_path) as w:
        call = await talking(w, engineer=False)
        with pytest.raises(CommandRefused, match="no_engineer"):
            await w.command("ann", "consult.start", call=call.id, target={"kind": "any_engineer"})
        assert call.state is CallState.TALKING


async def test_the_caller_who_leaves_in_a_consult_ends_it_for_all(tmp_path):
    async with world(tmp_path) as w:
        call = await talking(w)
        await consulting(w, call)
        w.switch.hang_up(call.customer)
        await until(lambda: w.agent("ann").state is AgentState.WRAP_UP)
        await until(lambda: w.agent("eve").state is AgentState.READY)
        await until(lambda: not w.switch.leg_of(w.agent("ann").endpoint) and not w.switch.leg_of(w.agent("eve").endpoint))


async def test_a_lost_page_in_a_consult_keeps_the_caller_and_frees_the_engineer(tmp_path):
    async with world(tmp_path) as w:
        call = await talking(w)
        await consulting(w, call)
        w.core.pages.gone(w.agent("ann"), "page-ann")
        await until(lambda: call.state is CallState.LOST_AGENT)
        await until(lambda: w.agent("eve").state is AgentState.READY)
        await until(lambda: w.switch.where(call.customer) == "cti-hold")


async def test_who_hangs_up_in_a_consult_leaves_the_caller_to_the_engineer(tmp_path):
    async with world(tmp_path) as w:
        call = await talking(w)
        await consulting(w, call)
        w.switch.hang_up(call.agent_leg)
        await until(lambda: w.switch.where(call.customer) == "cti-room-caller")
        assert (call.record.engineer, w.agent("ann").state) == ("eve", AgentState.WRAP_UP)


async def test_after_a_cancelled_consult_everything_is_possible_again(tmp_path):
    async with world(tmp_path) as w:
        call = await talking(w)
        await consulting(w, call)
        await w.command("ann", "consult.cancel", call=call.id)
        await until(lambda: w.switch.where(call.customer) == "cti-room-caller")
        await w.command("ann", "call.hold", call=call.id)
        await w.command("ann", "call.resume", call=call.id)
        await until(lambda: w.switch.partner_of(call.customer) == call.agent_leg != "")
        await until(lambda: w.agent("eve").state is AgentState.READY)
        await consulting(w, call)
        await w.command("ann", "consult.cancel", call=call.id)
        await until(lambda: w.switch.where(call.customer) == "cti-room-caller")
        await w.command("ann", "call.blind", call=call.id, target={"kind": "queue", "id": "enquiries"})
        await until(lambda: w.switch.where(call.customer) == "cti-hold")
        assert w.agent("ann").state is AgentState.WRAP_UP


async def test_a_consult_that_the_switch_refuses_leaves_them_talking(tmp_path):
    async with world(tmp_path) as w:
        call = await talking(w)
        w.switch.fail_next("redirect", ActionRefused("Redirect", "No such channel"))
        await w.command("ann", "consult.start", call=call.id, target={"kind": "any_engineer"})
        await until(lambda: w.agent("eve").state is AgentState.READY and call.state is CallState.TALKING)
        assert w.switch.partner_of(call.customer) == call.agent_leg
        await w.command("ann", "call.hold", call=call.id)  # in order after whatever else was asked of the switch
        await until(lambda: w.switch.where(call.customer) == "cti-hold")
        assert [action[2] for action in w.asked("redirect")] == ["cti-ring", "cti-hold"]


GIVEN_AWAY = (
    ("call.blind", {"target": {"kind": "queue", "id": "enquiries"}}),
    ("consult.start", {"target": {"kind": "any_engineer"}}),
    ("call.hangup", {}),
)


async def test_who_gave_a_call_away_does_not_steer_it_from_his_wrap_up(tmp_path):
    async with world(tmp_path) as w:
        call = await talking(w)
        await consulting(w, call)
        await w.command("ann", "consult.complete", call=call.id)
        for command, args in GIVEN_AWAY:
            with pytest.raises(CommandRefused, match="not_allowed"):
                await w.command("ann", command, call=call.id, **args)
        assert (call.state, call.record.holder) == (CallState.TALKING, "eve")
        await w.command("ann", "call.ticket", call=call.id, ticket="t-1")
        assert call.record.ticket == "t-1"


async def test_the_owner_of_a_late_wrap_up_is_a_fact_of_a_call_that_has_left_the_floor(tmp_path):
    async with world(tmp_path) as w:
        call = await talking(w)
        await w.command("ann", "wrapup.owner", call=call.id, owner="o-1")
        assert call.record.owner == "o-1"
        await w.command("ann", "wrapup.owner", call="gone", owner="o-2")
        await w.house.recorder.commit()
        kept = [stored.fact for stored in await w.journal.of_call("gone")]
        assert [(fact.kind, fact.agent, dict(fact.data)) for fact in kept] == [
            (FactKind.OWNER_CHOSEN, "ann", {"owner": "o-2", "by": "agent"})
        ]


async def test_an_engineer_who_was_only_asked_changes_nothing_of_the_call(tmp_path):
    async with world(tmp_path) as w:
        call = await talking(w)
        await consulting(w, call)
        said = (("call.owner", {"owner": "o-1"}), ("call.ticket", {"ticket": "t-1"}), ("wrapup.finish", {"disposition": "d"}))
        late = ("wrapup.owner", {"owner": "o-1"})
        for command, args in (*GIVEN_AWAY, *said, late):
            with pytest.raises(CommandRefused, match="not_allowed"):
                await w.command("eve", command, call=call.id, **args)
        assert (call.record.owner, call.record.ticket, w.agent("ann").state) == ("", "", AgentState.CONSULTING)


@pytest.mark.parametrize("talked", [True, False])
async def test_the_break_that_an_engineer_chose_while_he_was_asked_begins_after_it(tmp_path, talked):
    async with world(tmp_path) as w:
        call = await talking(w)
        await w.command("ann", "consult.start", call=call.id, target={"kind": "any_engineer"})
        await until(lambda: w.switch.ringing(w.agent("eve").endpoint))
        if talked:
            w.switch.agent_answers(w.agent("eve").endpoint)
            await until(lambda: w.agent("eve").state is AgentState.ON_CALL)
        await w.command("eve", "agent.state", state="AUX", reason="lunch")
        await w.command("ann", "consult.cancel", call=call.id)
        eve = w.agent("eve")
        assert (eve.state, eve.reason, eve.next, eve.call) == (AgentState.AUX, "lunch", None, None)
