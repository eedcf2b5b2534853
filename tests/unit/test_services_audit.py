"""Stories of snapshots that are late, lost or older than what they are compared with, told to a whole core on a FakeSwitch."""

from __future__ import annotations

from dataclasses import replace

from cti.ami.fake import FakeSwitch
from cti.calls.agent_states import AgentState
from cti.calls.call_states import CallState
from cti.ports.telephony import ActionRefused
from tests.support.floor import FAST, WallClock, World, running, until, world


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
