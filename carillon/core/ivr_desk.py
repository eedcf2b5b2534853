"""One caller in the IVR: the pure interpreter (`ivr`) on one FastAGI channel, and at its end his place in a queue."""

from __future__ import annotations

import asyncio
from importlib import resources

import structlog
import yaml

from carillon.switch.prompts import SOURCE as PROMPTS
from cti.calls.facts import FactKind
from cti.ports.ivr_channel import ChannelGone, IvrChannel
from cti.ports.telephony import UserEvent
from cti.services.core import Core
from cti.services.state import Call
from ivr.actions import Action, Collect, Enqueue, Hangup, Play, SetLanguage
from ivr.house import Ivr, read_ivr
from ivr.inputs import Digits, Input, Played, Timeout
from ivr.interpreter import Passed, Step, start, step

log = structlog.get_logger("carillon.ivr")
HOLD = "cti-hold"
EVENT_LAG = 0.3  # CTIArrived travels on another socket than the FastAGI request


def load_ivr(queues: list[str]) -> Ivr:
    """The flows of the house, checked. Raises FlowError with file, node and field."""
    folder = resources.files("ivr") / "flows"
    files = {file.name: file.read_text("utf-8") for file in folder.iterdir() if file.name.endswith(".yaml")}
    prompts = yaml.safe_load(PROMPTS.read_text("utf-8"))["prompts"]
    return read_ivr(files, queues, list(prompts))


class IvrDesk:
    """`serve` is the FastAGI server's handler. A fault here leaves CTI_NEXT empty: the dialplan takes the emergency path."""

    def __init__(self, core: Core, ivr: Ivr) -> None:
        self._core, self._ivr = core, ivr

    async def serve(self, channel: IvrChannel) -> None:
        """One session from its first command to CTI_NEXT."""
        try:
            call = await self._call(channel)
            await self._follow(channel, call)
        except ChannelGone:
            log.info("caller left the IVR", action="ivr_left", call=channel.call)

    async def _call(self, channel: IvrChannel) -> Call:
        """His call; when CTIArrived is late or lost, made from what the channel tells."""
        floor = self._core.house.floor
        for _ in range(10):
            known = floor.calls.get(channel.call)
            if known is not None:
                return known
            await asyncio.sleep(EVENT_LAG / 10)
        said = channel.variables
        values = {
            "ani": said.get("callerid", ""),
            "name": said.get("calleridname", ""),
            "dnis": await channel.get_variable("CTI_DNIS"),
            "sipcallid": await channel.get_variable("CTI_SIPCALLID"),
        }
        now = self._core.house.clock.now()
        return self._core.arrivals.arrived(UserEvent(now, channel.call, channel.uniqueid, "CTIArrived", values))

    async def _follow(self, channel: IvrChannel, call: Call) -> None:
        flow, facts, _line = self._ivr.for_number(call.record.to)
        now = start(flow, facts)
        while True:
            self._tell(call, now.passed)
            given = await self._do(channel, call, now)
            if now.state.done or given is None:
                return
            now = step(flow, now.state, given)

    def _tell(self, call: Call, passed: tuple[Passed, ...]) -> None:
        for one in passed:
            self._core.house.recorder.emit(FactKind.IVR_STEP, call=call, node=one.node, outcome=one.outcome)

    async def _do(self, channel: IvrChannel, call: Call, now: Step) -> Input | None:
        """Carry the actions out; the input that answers the last one."""
        given: Input | None = None
        for action in now.actions:
            given = await self._one(channel, call, action)
        return given

    async def _one(self, channel: IvrChannel, call: Call, action: Action) -> Input | None:
        if isinstance(action, Play):
            return Played(await channel.play(f"carillon/{action.prompt}", action.language, action.interrupt))
        if isinstance(action, Collect):
            digit = await channel.collect(action.timeout_ms, action.digits)
            return Digits(digit) if digit else Timeout()
        if isinstance(action, SetLanguage):
            await channel.set_variable("CTI_LANG", action.language)
        elif isinstance(action, Enqueue):
            await self._enqueue(channel, call, action)
        elif isinstance(action, Hangup):
            self._core.talks.hang_up(call, "system")
        return None

    async def _enqueue(self, channel: IvrChannel, call: Call, action: Enqueue) -> None:
        settings = self._core.house.queues.get(action.queue)
        self._core.arrivals.enqueue(call, action.queue, action.language, priority=action.priority, skills=action.skills)
        await self._core.house.recorder.commit()
        record = "1" if settings is None or settings.record else "0"
        await channel.set_variables({"CTI_QUEUE": action.queue, "CTI_LANG": action.language, "CTI_REC": record, "CTI_NEXT": HOLD})
