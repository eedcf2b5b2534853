"""Stories of blind transfers, told to a whole core on a FakeSwitch."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cti.calls.agent_states import AgentState
from cti.calls.call_states import CallState
from tests.support.floor import until, world
from tests.support.talking import talking


async def test_a_blind_transfer_to_a_queue_is_a_new_entry_there(tmp_path):
    async with world(tmp_path) as w:
        call = await talking(w, engineer=False)
        await w.ready("bob", "enquiries", "zh")
        await w.command("ann", "call.blind", call=call.id, target={"kind": "queue", "id": "enquiries"})
        await w.talk("bob", call)
        assert (call.record.queue, w.agent("ann").state) == ("enquiries", AgentState.WRAP_UP)


@pytest.mark.parametrize("record", [False, True])
async def test_a_transfer_follows_the_recording_policy_of_the_queue_it_goes_to(tmp_path, monkeypatch, record):
    async with world(tmp_path) as w:
        monkeypatch.setitem(w.house.queues, "enquiries", replace(w.house.queues["enquiries"], record=record))
        call = await talking(w, engineer=False)
        await w.ready("bob", "enquiries", "zh")
        await w.command("ann", "call.blind", call=call.id, target={"kind": "queue", "id": "enquiries"})
        await w.talk("bob", call)
        assert call.recording == ("on" if record else "off")
        assert w.switch._plan.channels[call.customer].variables["CTI_REC"] == str(int(record))


async def test_a_caller_who_was_sent_to_a_number_is_told_to_have_hung_up(tmp_path):
    async with world(tmp_path) as w:
        call = await talking(w, engineer=False)
        await w.command("ann", "call.blind", call=call.id, target={"kind": "number", "id": "13900139000"})
        await until(lambda: w.switch.where(call.customer) == "cti-out")
        w.switch.hang_up(call.customer)
        await until(lambda: call.state is CallState.ENDED)
        assert call.record.ended_by == "caller"


async def test_a_blind_transfer_to_an_agent_rings_him_alone(tmp_path):
    async with world(tmp_path) as w:
        call = await talking(w, engineer=False)
        await w.ready("cid")
        await w.ready("bob")
        await w.command("ann", "call.blind", call=call.id, target={"kind": "agent", "id": "bob"})
        await w.talk("bob", call)
        assert w.agent("cid").state is AgentState.READY


async def test_a_caller_sent_to_a_busy_number_is_first_in_line_again(tmp_path):
    async with world(tmp_path) as w:
        call = await talking(w, engineer=False)
        await w.command("ann", "call.blind", call=call.id, target={"kind": "number", "id": "+8613900139000"})
        await until(lambda: w.switch.where(call.customer) == "cti-out")
        await until(lambda: w.switch.ringing("trunk"))
        await until(lambda: (w.console.entities.get(("queue", "repairs")) or {}).get("waiting") == 0)
        w.switch.callee_declines()
        await until(lambda: w.core.offers.acd.position(call.id) == 1)
        await w.ready("bob")
        await w.talk("bob", call)
