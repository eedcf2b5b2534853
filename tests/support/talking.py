"""A conversation and a consult to begin a story with."""

from __future__ import annotations

from tests.support.floor import until


async def talking(w, engineer=True):
    if engineer:
        await w.ready("eve", "hotline", role="hotline_engineer")
    await w.ready("ann")
    call = await w.calls_in()
    await w.talk("ann", call)
    return call


async def consulting(w, call):
    await w.command("ann", "consult.start", call=call.id, target={"kind": "any_engineer"})
    await until(lambda: w.switch.ringing(w.agent("eve").endpoint))
    w.switch.agent_answers(w.agent("eve").endpoint)
    await until(lambda: call.consult is not None and call.consult.state == "talking")


async def handed_over(w, call):
    """To the engineer: the caller is in the room with her, and the agent writes it up."""
    await consulting(w, call)
    await w.command("ann", "consult.complete", call=call.id)
    await until(lambda: w.switch.where(call.customer) == "cti-room-caller" and not w.switch.leg_of(w.agent("ann").endpoint))
