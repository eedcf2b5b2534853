"""Watches what Asterisk does not tell: MixMonitor says nothing of a file it cannot write.

Every few seconds: does the file of each call that is recorded grow, and is there room for more? A file that stands still is
told on the call at once, in its facts, to its agent and on the board; the call goes on. A disk that is nearly full stops new
outbound calls, which must be recorded; calls that come in always go on.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import structlog

from cti.calls.call_states import CallState
from cti.calls.facts import FactKind
from cti.services.core import Core
from cti.services.state import Call
from recordings.desk import Growth, RecordingDesk
from recordings.policy import RecordingPolicy, Why, may_dial
from recordings.room import Room, room_at

log = structlog.get_logger("carillon.recordings")
EVERY_S = 5.0
LOOK_S = 3.0  # MixMonitor writes what it has about once a second
WITH_SOUND = (CallState.TALKING, CallState.HELD, CallState.CONSULTING, CallState.CONFERENCE)


class RecordingWatch:
    """One round over all recorded calls at a time."""

    def __init__(self, core: Core, desk: RecordingDesk, folder: Path, room: Callable[[Path], Room] = room_at) -> None:
        self._core, self._desk, self._folder, self._room = core, desk, folder, room
        self._low = False
        core.dialing.refusal = self.refusal

    def refusal(self) -> str:
        """Why no call is dialled now, as an error code; '' when it may be."""
        return "" if may_dial(RecordingPolicy(), disk_low=self._low).record else Why.DISK_LOW.value

    async def run(self, every: float = EVERY_S, look: float = LOOK_S) -> None:
        """Until cancelled."""
        while True:
            await self.round(look)
            await asyncio.sleep(every)

    async def round(self, look: float) -> None:
        """Look once at the disk and at each file."""
        self._look_at_disk()
        calls = [call for call in self._core.house.floor.calls.values() if call.recording == "on" and call.state in WITH_SOUND]
        found = await asyncio.gather(*(self._desk.watch(call.id, look) for call in calls))
        for call, growth in zip(calls, found, strict=True):
            if growth is not Growth.GROWING and call.recording == "on" and call.state in WITH_SOUND:
                self._stalled(call, growth)
        self._core.house.recorder.commit()

    def _look_at_disk(self) -> None:
        try:
            low = self._room(self._folder).low
        except OSError as error:
            log.warning("the recordings' disk does not answer", action="disk_unknown", error=str(error))
            low = True
        if low is not self._low:
            self._low = low
            (log.error if low else log.info)("room for recordings", action="disk_low" if low else "disk_has_room")

    def _stalled(self, call: Call, growth: Growth) -> None:
        log.error("a recording does not grow", action="recording_stalled", call=call.id, growth=growth.value)
        call.recording = "failed"
        self._core.house.recorder.emit(FactKind.RECORDING_STALLED, call=call, why=growth.value)
