"""How far a call has come: scenes that the tests of the telephony contract begin with."""

from __future__ import annotations

from cti.ports.telephony import BridgeEntered, DialBegan, MusicStarted, Place, SwitchUp
from tests.contract.stage import Stage


async def held(stage: Stage) -> str:
    """A caller who waits with music, the switch being up."""
    await stage.heard.wait(SwitchUp)
    caller = await stage.caller_arrives()
    await stage.heard.wait(MusicStarted, uniqueid=caller)
    return caller


async def ringing(stage: Stage, caller: str):
    """The agent's phone rings for him; Uniqueid of its leg."""
    mark = stage.heard.mark
    await stage.telephony.redirect(caller, Place("cti-ring", stage.agent))
    leg = (await stage.heard.wait(DialBegan, mark, uniqueid=caller)).dest
    await stage.rings()
    return leg


async def talking(stage: Stage) -> tuple[str, str]:
    caller = await held(stage)
    leg = await ringing(stage, caller)
    await stage.agent_answers()
    await stage.heard.wait(BridgeEntered, uniqueid=caller)
    await stage.heard.wait(BridgeEntered, uniqueid=leg)
    return caller, leg


async def channel(stage: Stage, uniqueid: str):
    return next((row for row in (await stage.telephony.snapshot()).channels if row.uniqueid == uniqueid), None)
