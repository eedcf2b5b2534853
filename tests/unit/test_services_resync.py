"""What a snapshot of the switch makes of the floor: whose leg is whose, and what an audit leaves as it is."""

from __future__ import annotations

from cti.ami.fake import FakeSwitch
from cti.calls.agent_states import AgentState
from cti.calls.call_states import CallState
from cti.ports.telephony import Place
from cti.services.state import Call
from tests.support.floor import World, until, world


async def _talking(w: World) -> Call:
    await w.ready("ann")
    call = await w.calls_in()
    await w.talk("ann", call)
    return call


async def _sent_to_a_number(w: World) -> Call:
    call = await _talking(w)
    await w.command("ann", "call.blind", call=call.id, target={"kind": "number", "id": "+8613700137000"})
    await until(lambda: w.switch.ringing("trunk"))
    return call


async def _later(w: World) -> None:
    """An audit, when all that happened has stood still long enough to be compared."""
    for call in w.house.floor.calls.values():
        call.touched = None
    for agent in w.house.floor.agents.values():
        agent.since = w.clock.now().replace(year=2000)
    w.core.resync.audit(await w.switch.snapshot())


# ---- whose leg is whose -------------------------------------------------------------------------------------------------


async def test_an_audit_keeps_the_customer_of_a_transfer_to_a_number_and_not_the_called_party(tmp_path):
    async with world(tmp_path) as w:
        call = await _sent_to_a_number(w)
        customer = call.customer
        await _later(w)
        assert call.customer == customer
        called = w.switch.callee_answers()
        await _later(w)
        assert (call.customer, call.agent_leg, w.switch.partner_of(customer)) == (customer, "", called)


async def test_a_customer_of_whom_nothing_is_known_is_the_leg_that_the_dialplan_calls_so(tmp_path):
    async with world(tmp_path / "first") as w:
        call = await _sent_to_a_number(w)
        switch: FakeSwitch = w.switch
    async with world(tmp_path / "second") as other:
        other.core.resync.run(await switch.snapshot(), restarted=False)
        assert other.house.floor.calls[call.id].customer == call.customer


async def test_a_caller_who_talks_to_a_number_of_the_emergency_path_is_left_alone(tmp_path):
    async with world(tmp_path) as w:
        call = await _sent_to_a_number(w)
        w.switch.callee_answers()
        leg = w.switch._plan.channels[call.customer]
        leg.application, leg.place = "Queue", Place("cti-fallback")
        before = w.kinds(call)
        await _later(w)
        assert (w.kinds(call), w.core.offers.acd.position(call.id)) == (before, None)


# ---- what an audit leaves as it is --------------------------------------------------------------------------------------


async def test_an_audit_leaves_a_paused_and_a_failed_recording_as_they_are(tmp_path):
    async with world(tmp_path) as w:
        call = await _talking(w)
        call.record.recording_status = "running"
        for state in ("paused", "failed"):
            call.recording = state
            await _later(w)
            assert call.recording == state


async def test_a_recording_that_was_paused_before_the_core_died_is_found_paused(tmp_path):
    async with world(tmp_path) as w:
        call = await _talking(w)
        await w.switch.set_variable(call.customer, "CTI_PAUSED", "1")
        call.record.recording_status, call.recording = "running", "off"
        await _later(w)
        assert (call.recording, call.state, w.agent("ann").state) == ("paused", CallState.TALKING, AgentState.ON_CALL)
