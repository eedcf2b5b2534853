"""The fake switch tells each leg's events in the order of a real Asterisk: services are tested with the fake."""

from __future__ import annotations

import pytest

from cti.ports.telephony import (
    BridgeEntered,
    DialBegan,
    HungUp,
    MusicStarted,
    Place,
    RoomJoined,
    RoomLeft,
    SwitchUp,
    UserEvent,
)
from tests.contract.stage import Stage, fake_stage, real_stage

pytestmark = pytest.mark.telephony


async def _rung(stage: Stage) -> tuple[str, str]:
    await stage.heard.wait(SwitchUp)
    caller = await stage.caller_arrives()
    await stage.heard.wait(MusicStarted, uniqueid=caller)
    await stage.telephony.redirect(caller, Place("cti-ring", stage.agent))
    leg = (await stage.heard.wait(DialBegan, uniqueid=caller)).dest
    await stage.rings()
    return caller, leg


async def _talking(stage: Stage) -> tuple[str, str]:
    caller, leg = await _rung(stage)
    await stage.agent_answers()
    for uniqueid in (caller, leg):
        await stage.heard.wait(BridgeEntered, uniqueid=uniqueid)
    return caller, leg


async def declined(stage: Stage) -> None:
    caller, leg = await _rung(stage)
    mark = stage.heard.mark
    await stage.agent_declines()
    await stage.heard.wait(MusicStarted, mark, uniqueid=caller)
    await stage.heard.wait(HungUp, mark, uniqueid=leg)


async def withdrawn(stage: Stage) -> None:
    caller, leg = await _rung(stage)
    mark = stage.heard.mark
    await stage.telephony.redirect(caller, Place("cti-hold"))
    await stage.heard.wait(MusicStarted, mark, uniqueid=caller)
    await stage.heard.wait(HungUp, uniqueid=leg)


async def caller_gone_while_ringing(stage: Stage) -> None:
    caller, leg = await _rung(stage)
    stage.caller_hangs_up()
    for uniqueid in (caller, leg):
        await stage.heard.wait(HungUp, uniqueid=uniqueid)


async def caller_hangs_up(stage: Stage) -> None:
    caller, leg = await _talking(stage)
    stage.caller_hangs_up()
    for uniqueid in (caller, leg):
        await stage.heard.wait(HungUp, uniqueid=uniqueid)


async def agent_hangs_up(stage: Stage) -> None:
    caller, leg = await _talking(stage)
    stage.agent_hangs_up()
    for uniqueid in (caller, leg):
        await stage.heard.wait(HungUp, uniqueid=uniqueid)


async def held_and_taken_back(stage: Stage) -> None:
    caller, leg = await _talking(stage)
    mark = stage.heard.mark
    await stage.telephony.redirect(caller, Place("cti-hold"), (leg, Place("cti-agenthold")))
    await stage.heard.wait(MusicStarted, mark, uniqueid=caller)
    await stage.heard.wait("CTIAgentHold", mark, uniqueid=leg)
    mark = stage.heard.mark
    await stage.telephony.bridge(caller, leg)
    for uniqueid in (caller, leg):
        await stage.heard.wait(BridgeEntered, mark, uniqueid=uniqueid)


async def conference(stage: Stage) -> None:
    """Entering only: in which order a room, its bridge and a leg end is a race between three threads of Asterisk."""
    caller, leg = await _talking(stage)
    mark = stage.heard.mark
    await stage.telephony.redirect(caller, Place("cti-room-caller", "room-9"), (leg, Place("cti-room-agent", "room-9")))
    for uniqueid in (caller, leg):
        await stage.heard.wait(RoomJoined, mark, uniqueid=uniqueid)
        await stage.heard.wait(BridgeEntered, mark, uniqueid=uniqueid)
    await stage.telephony.snapshot()


# Asterisk tells these by a router of their own (confbridge_manager.c), beside the one that tells channels and bridges: their
# order is kept within each of the two, and is a race between them.
OF_THE_ROOMS = (RoomJoined, RoomLeft)


def by_leg(stage: Stage) -> str:
    """What was told of the caller's leg and of the agent's, each in order; what the rooms told in lines of its own."""
    told: dict[str, list[str]] = {}
    roles: dict[str, str] = {}
    for event in stage.heard.events:
        if event.uniqueid == "":  # of no leg
            continue
        role = roles.setdefault(event.uniqueid, ("caller", "agent", "more")[min(len(roles), 2)])
        teller = f"{role}, rooms" if isinstance(event, OF_THE_ROOMS) else role
        told.setdefault(teller, []).append(event.name if isinstance(event, UserEvent) else type(event).__name__)
    return "\n".join(f"{teller}: {' '.join(names)}" for teller, names in sorted(told.items()))


STORIES = [declined, withdrawn, caller_gone_while_ringing, caller_hangs_up, agent_hangs_up, held_and_taken_back, conference]


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.__name__)
async def test_a_legs_events_come_in_the_same_order_from_both_switches(real_asterisk, story):
    async with fake_stage() as fake:
        await story(fake)
        fakes = by_leg(fake)
    async with real_stage(real_asterisk) as real:
        await story(real)
        reals = by_leg(real)
    assert fakes == reals
