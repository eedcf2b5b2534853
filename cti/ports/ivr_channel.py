"""One channel in the IVR, as the flow runner sees it. `cti/agi` speaks it over FastAGI."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol


class ChannelGone(Exception):
    """The caller hung up, or the socket closed."""


class IvrChannel(Protocol):
    """Raises ChannelGone from any method once the channel ended."""

    uniqueid: str
    call: str  # CTI_CALL
    variables: dict[str, str]  # agi_* of the head, without the prefix

    async def answer(self) -> None: ...
    async def play(self, prompt: str, language: str, interrupt: str = "") -> str:
        """Play `prompt` (name without extension) in `language`; a digit of `interrupt` stops it and is returned, else ''."""
        ...

    async def collect(self, timeout_ms: int, digits: str) -> str:
        """One digit of `digits`, or '' after the time-out."""
        ...

    async def get_variable(self, name: str) -> str: ...
    async def set_variable(self, name: str, value: str) -> None: ...
    async def set_variables(self, values: Mapping[str, str]) -> None:
        """All in one step; plain words only (letters, digits, `-` and `_`)."""
        ...
