"""The names of recordings. They are made here from a call's id alone: nothing that a caller or a user said becomes a path."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from recordings.errors import InvalidName

_UUID = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
_CALL = re.compile(_UUID)
_NAME = re.compile(rf"[0-9]{{4}}/[0-9]{{2}}/[0-9]{{2}}/{_UUID}\.(wav|peaks\.json)")


def checked_call(call: str) -> str:
    """The call's id, if it has the shape of one."""
    if not _CALL.fullmatch(call):
        raise InvalidName(f"{call!r} is not the id of a call")
    return call


def wav_name(call: str, started_at: datetime) -> str:
    """`2026/03/02/<call>.wav`, by the UTC day on which the call began: no folder grows for ever."""
    return f"{started_at.astimezone(UTC):%Y/%m/%d}/{checked_call(call)}.wav"


def peaks_name(wav: str) -> str:
    """Of the peaks that lie beside a recording."""
    return checked_name(wav.removesuffix(".wav") + ".peaks.json")


def raw_name(call: str) -> str:
    """As the dialplan names what Asterisk writes."""
    return f"{checked_call(call)}.raw"


def checked_name(name: str) -> str:
    """The name, if it is one of ours."""
    if not _NAME.fullmatch(name):
        raise InvalidName(f"{name[:80]!r} is not the name of a recording")
    return name
