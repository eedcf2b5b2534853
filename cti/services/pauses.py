"""A recording that its agent silences for a while, and lets run again."""

from __future__ import annotations

from cti.calls.call_states import CallState
from cti.calls.facts import FactKind
from cti.ports.consoles import CommandRefused
from cti.services.house import House
from cti.services.state import Call
from cti.services.talks import WITH_AGENT


class Pauses:
    """Of the recordings of calls that agents have."""

    def __init__(self, house: House) -> None:
        self._house = house

    def set_paused(self, call: Call, *, paused: bool) -> None:
        """Silence in the recording, its time line kept."""
        if call.state not in WITH_AGENT:
            raise CommandRefused("wrong_state", state=call.state.value)
        if call.recording not in ("on", "paused"):
            raise CommandRefused("wrong_state", recording=call.recording)
        if (call.recording == "paused") is paused:
            return
        self._recording_is(call, paused=paused)
        customer, telephony = call.customer, self._house.telephony

        async def act() -> None:
            # the dialplan renews the writer between two speakers, and a new one would not be muted: told before, taken back after
            if paused:
                await telephony.set_variable(customer, "CTI_PAUSED", "1")
            await telephony.mute_recording(customer, paused)
            if not paused:
                await telephony.set_variable(customer, "CTI_PAUSED", "0")

        self._house.act(call, act, lambda _error: self._not_done(call, paused=paused))

    def _not_done(self, call: Call, *, paused: bool) -> None:
        if call.state is not CallState.ENDED:
            self._recording_is(call, paused=not paused)

    def _recording_is(self, call: Call, *, paused: bool) -> None:
        call.recording = "paused" if paused else "on"
        kind = FactKind.RECORDING_PAUSED if paused else FactKind.RECORDING_RESUMED
        self._house.recorder.emit(kind, call=call, agent=call.record.holder)
